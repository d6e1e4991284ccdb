import { api, useAuth, useQuery, type SessionRow } from "@lockstep/react";
import { MonitorSmartphone } from "lucide-react";
import { useState } from "react";
import { ago, deviceName, exactly } from "../lib/words";
import { useNow } from "../lib/useNow";
import { Card } from "../ui/Card";
import { Skeleton } from "../ui/Skeleton";

export function SessionsCard() {
  return (
    <Card title="Sessions" note="where you are signed in" what="your sessions">
      <Sessions />
    </Card>
  );
}

function Sessions() {
  const rows = useQuery(api.sessions.mine, {});
  if (rows === undefined) return <Skeleton lines={2} label="Sessions are loading" />;
  if (rows.length === 0) return <p className="muted">This session has not been written to the database yet.</p>;
  const sorted = [...rows].sort((a, b) => Number(b.current) - Number(a.current) || b.createdAt.localeCompare(a.createdAt));
  return (
    <ul className="list">
      {sorted.map((row) => (
        <Session key={row.id} row={row} />
      ))}
    </ul>
  );
}

function Session({ row }: { row: SessionRow }) {
  const { post } = useAuth();
  const now = useNow();
  const [step, setStep] = useState<"idle" | "revoking" | "failed">("idle");
  const revoke = async () => {
    setStep("revoking");
    const reply = await post(`/api/v1/sessions/${encodeURIComponent(row.id)}/revoke`);
    setStep(reply.kind === "ok" ? "idle" : "failed");
  };
  const ended = row.status !== "active";
  return (
    <li className="list-row" data-testid="session-row" data-current={row.current}>
      <MonitorSmartphone size={20} aria-hidden className="muted" />
      <span className="list-text">
        <span>{deviceName(row.userAgent)}</span>
        <span className="muted small">
          {[row.ipAddress, row.authMethod].filter((part) => part !== null && part !== "").map((part) => `${part ?? ""} · `).join("")}
          <time dateTime={row.createdAt} title={exactly(row.createdAt)}>{ago(row.createdAt, now)}</time>
        </span>
        {step === "failed" && <span className="bad small" role="alert">It could not be ended just now. Try again.</span>}
      </span>
      {row.current ? (
        <span className="chip chip-good">this one</span>
      ) : ended ? (
        <span className="chip">{row.status}</span>
      ) : (
        <span data-testid={`revoke-${row.id}`}>
          <button
            type="button"
            className="button button-small button-bad"
            data-testid="revoke-other"
            disabled={step === "revoking"}
            onClick={() => void revoke()}
          >
            {step === "revoking" ? "Ending…" : "Revoke"}
            <span className="visually-hidden"> the session on {deviceName(row.userAgent)}</span>
          </button>
        </span>
      )}
    </li>
  );
}
