import { api, useQuery } from "@lockstep/react";
import { Avatar } from "../ui/Avatar";
import { Card } from "../ui/Card";
import { Skeleton } from "../ui/Skeleton";

export function MembersCard({ organization }: { organization: string | null }) {
  return (
    <Card title="Members" note={organization ?? undefined} what="the members">
      <Members />
    </Card>
  );
}

function Members() {
  const rows = useQuery(api.organizations.members, {});
  if (rows === undefined) return <Skeleton lines={2} label="Members are loading" />;
  if (rows.length === 0) return <p className="muted">Nobody to show: this session belongs to no organization.</p>;
  return (
    <ul className="list">
      {rows.map((row) => (
        <li key={row.membershipId} className="list-row" data-testid="member-row">
          <Avatar name={row.displayName} src={null} />
          <span className="list-text">
            <span>{row.displayName}</span>
            <span className="muted small">{row.email}</span>
          </span>
          <span className="chips">
            {row.status !== "active" && <span className="chip">{row.status}</span>}
            {row.roles.map((role) => (
              <span key={role} className="chip">{role}</span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
