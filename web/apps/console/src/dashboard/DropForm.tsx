import { useAuth } from "@lockstep/react";
import { useState } from "react";

/** Makes the demo's WorkOS lose its next webhook, to show that the change arrives all the same. Armed until the row moves. */
export function DropForm({ changedAt }: { changedAt: string | null }) {
  const { post } = useAuth();
  const [step, setStep] = useState<"idle" | "sending" | "armed" | "failed">("idle");
  const [armedAt, setArmedAt] = useState(changedAt);
  const armed = step === "armed" && armedAt === changedAt;
  const drop = async () => {
    setStep("sending");
    const reply = await post("/api/demo/drop-next-webhook");
    setArmedAt(changedAt);
    setStep(reply.kind === "ok" ? "armed" : "failed");
  };
  return (
    <div className="form">
      <h3>Lose a webhook</h3>
      <p className="small muted">
        The next webhook is thrown away. Change your name again: it arrives a little later, read from the event log, and the
        row says “events tail”.
      </p>
      <div className="form-foot">
        <button type="button" className="button" data-testid="drop-next" disabled={step === "sending"} onClick={() => void drop()}>
          Drop the next webhook
        </button>
        <span className="form-note" role="status" aria-live="polite">
          {armed && <span className="saved">Armed: the next one gets lost</span>}
          {step === "failed" && <span className="bad">That did not work. Try again.</span>}
        </span>
      </div>
    </div>
  );
}
