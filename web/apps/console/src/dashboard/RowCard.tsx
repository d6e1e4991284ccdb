import type { MirroredUser } from "@lockstep/react";
import { useState } from "react";
import { routeOf } from "../lib/words";
import { Ago } from "../ui/Ago";

interface Column {
  readonly name: string;
  readonly value: string | null;
  readonly testId?: string;
  readonly owner: "workos" | "app";
}

/** The row as the database holds it, one column a line. A value that changes lights up for a moment. */
export function RowCard({ user }: { user: MirroredUser }) {
  const route = routeOf(user.syncedBy);
  return (
    <>
      <dl className="record">
        {columnsOf(user).map((column) => (
          <Line key={column.name} column={column} />
        ))}
      </dl>
      <p className="route" aria-live="polite">
        Last change from WorkOS came by{" "}
        <strong className={`chip chip-${user.syncedBy}`} data-testid="synced-by" data-value={user.syncedBy}>
          {route.name}
        </strong>{" "}
        <Ago at={user.updatedAt} />
        <span className="muted small route-more">{route.sentence}</span>
      </p>
    </>
  );
}

function Line({ column }: { column: Column }) {
  const [seen, setSeen] = useState({ value: column.value, changes: 0 });
  if (seen.value !== column.value) setSeen({ value: column.value, changes: seen.changes + 1 });
  return (
    <>
      <dt className={`owner-${column.owner}`}>{column.name}</dt>
      <dd key={seen.changes} className={seen.changes > 0 ? "changed" : undefined} data-testid={column.testId}>
        {column.value ?? <span className="null">null</span>}
      </dd>
    </>
  );
}

function columnsOf(user: MirroredUser): readonly Column[] {
  return [
    { name: "display_name", value: user.displayName, testId: "user-name", owner: "workos" },
    { name: "email", value: user.email, testId: "user-email", owner: "workos" },
    { name: "email_verified", value: String(user.emailVerified), owner: "workos" },
    { name: "organization", value: user.organization?.name ?? null, testId: "org-name", owner: "workos" },
    { name: "role", value: user.membership?.roles.join(", ") ?? null, testId: "role", owner: "workos" },
    { name: "membership", value: user.membership?.status ?? null, owner: "workos" },
    { name: "workos_user_id", value: user.workosUserId, owner: "workos" },
    { name: "account_id", value: user.accountId, owner: "app" },
    { name: "usertag", value: user.usertag, owner: "app" },
    { name: "bio", value: user.bio, testId: "bio", owner: "app" },
    { name: "timezone", value: user.timezone, owner: "app" },
  ];
}
