import { useAuth, type MirroredUser } from "@lockstep/react";
import { useEffect, useId, useState, type SyntheticEvent } from "react";
import { routeOf } from "../lib/words";

interface Sent {
  readonly first: string;
  readonly last: string;
  readonly at: number;
}

type Step =
  | { readonly kind: "idle" }
  | { readonly kind: "sending" }
  | { readonly kind: "failed" }
  | { readonly kind: "waiting"; readonly sent: Sent }
  | { readonly kind: "arrived"; readonly ms: number; readonly by: string };

/** Changes the caller's name at WorkOS, not in the database, and times how long the row takes to follow. */
export function RenameForm({ user }: { user: MirroredUser }) {
  const { post } = useAuth();
  const [first, setFirst] = useState(user.firstName ?? "");
  const [last, setLast] = useState(user.lastName ?? "");
  const [step, setStep] = useState<Step>({ kind: "idle" });
  const id = useId();

  const arrived = step.kind === "waiting" && user.firstName === step.sent.first && user.lastName === step.sent.last;
  useEffect(() => {
    if (!arrived) return;
    const ms = Math.round(performance.now() - step.sent.at);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the moment of arrival is only known here
    setStep({ kind: "arrived", ms, by: routeOf(user.syncedBy).name });
  }, [arrived, step, user.syncedBy]);

  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    const sent = { first: first.trim(), last: last.trim(), at: performance.now() };
    setStep({ kind: "sending" });
    const reply = await post("/api/demo/rename", { firstName: sent.first, lastName: sent.last });
    setStep(reply.kind === "ok" ? { kind: "waiting", sent } : { kind: "failed" });
  };

  return (
    <form className="form" onSubmit={(event) => void submit(event)}>
      <h3>Change my name in WorkOS</h3>
      <div className="form-pair">
        <label htmlFor={`${id}-first`}>
          First name
          <input id={`${id}-first`} required maxLength={60} value={first} autoComplete="off" data-testid="rename-first" onChange={(event) => { setFirst(event.target.value); }} />
        </label>
        <label htmlFor={`${id}-last`}>
          Last name
          <input id={`${id}-last`} required maxLength={60} value={last} autoComplete="off" data-testid="rename-last" onChange={(event) => { setLast(event.target.value); }} />
        </label>
      </div>
      <div className="form-foot">
        <button type="submit" className="button button-primary" data-testid="rename-submit" disabled={step.kind === "sending"}>
          Change
        </button>
        <span className="form-note" role="status" aria-live="polite" data-testid="rename-status">
          <Words step={step} />
        </span>
      </div>
    </form>
  );
}

function Words({ step }: { step: Step }) {
  switch (step.kind) {
    case "idle":
      return null;
    case "sending":
      return <span className="muted">Sending to WorkOS…</span>;
    case "failed":
      return <span className="bad">WorkOS did not take the change. Try again.</span>;
    case "waiting":
      return <span className="muted">Changed in WorkOS. Waiting for it here…</span>;
    case "arrived":
      return <span className="saved">On screen after {step.ms} ms, by {step.by}</span>;
  }
}
