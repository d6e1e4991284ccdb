import { api, useAuth, useQuery, type SessionRow } from "@lockstep/react";
import { MonitorSmartphone } from "lucide-react";
import { useState } from "react";
import { deviceName } from "../lib/words";
import { Ago } from "../ui/Ago";
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
  const sorted = [...rows].sort((a, b) => Number(b.current) - Number(a.current) || (b.createdAt ?? "").localeCompare(a.createdAt ?? ""));
  const open = sorted.filter((row) => !isOver(row));
  const over = sorted.filter(isOver);
  return (
    <>
      <ul className="list">
        {open.map((row) => (
          <Session key={row.id} row={row} />
        ))}
      </ul>
      {open.length > 2 && <EndOthers />}
      {over.length > 0 && (
        <details className="past">
          <summary>{over.length === 1 ? "One session that is over" : `${over.length} sessions that are over`}</summary>
          <ul className="list">
            {over.map((row) => (
              <Session key={row.id} row={row} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Worth a button of its own as soon as there are several others. */
function EndOthers() {
  const { post } = useAuth();
  const [step, setStep] = useState<"idle" | "ending" | "failed">("idle");
  const end = async () => {
    setStep("ending");
    const reply = await post("/api/v1/sessions/revoke-others");
    setStep(reply.kind === "ok" ? "idle" : "failed");
  };
  return (
    <p>
      <button type="button" className="button button-small button-bad" data-testid="revoke-others" disabled={step === "ending"} onClick={() => void end()}>
        {step === "ending" ? "Ending…" : "End all other sessions"}
      </button>
      {step === "failed" && <span className="bad small" role="alert"> They could not be ended just now. Try again.</span>}
    </p>
  );
}

/** A session whose state is not known is taken for open: better one button too many than one too few. */
function isOver(row: SessionRow): boolean {
  return !row.current && row.status !== null && row.status !== "active";
}

function Session({ row }: { row: SessionRow }) {
  const { post } = useAuth();
  const [step, setStep] = useState<"idle" | "revoking" | "failed">("idle");
  const revoke = async () => {
    setStep("revoking");
    const reply = await post(`/api/v1/sessions/${encodeURIComponent(row.id)}/revoke`);
    setStep(reply.kind === "ok" ? "idle" : "failed");
  };
  const ended = isOver(row);
  return (
    <li className="list-row" data-testid={ended ? "session-over" : "session-row"} data-current={row.current}>
      <MonitorSmartphone size={20} aria-hidden className="muted" />
      <span className="list-text">
        <span>{deviceName(row.userAgent)}</span>
        <span className="muted small">
          {[row.ipAddress, row.authMethod].filter((part) => part !== null && part !== "").map((part) => `${part ?? ""} · `).join("")}
          <Ago at={row.lastSeenAt ?? row.createdAt} />
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
