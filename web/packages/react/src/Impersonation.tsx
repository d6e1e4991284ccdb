import { useState, type CSSProperties } from "react";
import { useAuth } from "./hooks";

export interface ImpersonationProps {
  /** Where the note with the button stands. */
  readonly side?: "top" | "bottom";
}

const COLOUR = "#b45309";
const FRAME: CSSProperties = {
  position: "fixed",
  inset: 0,
  zIndex: 2147483646,
  border: `4px solid ${COLOUR}`,
  pointerEvents: "none",
};
const NOTE: CSSProperties = {
  position: "fixed",
  left: "50%",
  transform: "translateX(-50%)",
  zIndex: 2147483647,
  display: "flex",
  gap: "0.75rem",
  alignItems: "center",
  padding: "0.5rem 1rem",
  background: COLOUR,
  color: "#ffffff",
  font: "0.875rem/1.4 system-ui, sans-serif",
};
const BUTTON: CSSProperties = { font: "inherit", color: COLOUR, background: "#ffffff", border: 0, padding: "0.25rem 0.75rem", cursor: "pointer" };

/**
 * A frame round every page while somebody from support acts as this person, with a button that ends it. Draws
 * nothing otherwise. Put it once, above the routes.
 */
export function Impersonation({ side = "bottom" }: ImpersonationProps) {
  const { session, signOut } = useAuth();
  const [step, setStep] = useState<"idle" | "ending" | "failed">("idle");
  if (session?.impersonator == null) return null;
  const { reason } = session.impersonator;
  const end = async () => {
    setStep("ending");
    const reply = await signOut();
    setStep(reply.kind === "ok" || reply.kind === "signed-out" ? "idle" : "failed");
  };
  return (
    <>
      <div className="lockstep-impersonation-frame" style={FRAME} aria-hidden="true" />
      <div className="lockstep-impersonation" role="status" style={{ ...NOTE, [side]: 0 }}>
        <span>
          You are acting as {session.user.email}
          {reason === null || reason === "" ? "." : `: ${reason}`}
        </span>
        <button type="button" style={BUTTON} disabled={step === "ending"} onClick={() => void end()}>
          {step === "ending" ? "Ending…" : "Stop"}
        </button>
        {step === "failed" && <span role="alert">Could not end it just now. Try again.</span>}
      </div>
    </>
  );
}
