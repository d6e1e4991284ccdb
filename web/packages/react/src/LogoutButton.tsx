import { useState, type ComponentProps, type ReactNode } from "react";
import { useLockstepContext } from "./context";
import { useAuth } from "./hooks";

export interface LogoutButtonProps extends Omit<ComponentProps<"button">, "onClick" | "type"> {
  /** Asks once more before anything happens. */
  readonly confirmBeforeLogout?: boolean;
  readonly variant?: "default" | "destructive";
  readonly children?: ReactNode;
}

type Step = "idle" | "asking" | "leaving" | "failed";

/** Signs out here, in every tab, and at WorkOS. */
export function LogoutButton({
  confirmBeforeLogout = false,
  variant = "default",
  children = "Sign out",
  ...rest
}: LogoutButtonProps) {
  const { signOut } = useAuth();
  const [step, setStep] = useState<Step>("idle");
  const leave = async () => {
    setStep("leaving");
    const reply = await signOut();
    setStep(reply.kind === "ok" || reply.kind === "signed-out" ? "idle" : "failed");
  };
  const look = { "data-variant": variant };
  if (step === "asking") {
    return (
      <span className="lockstep-logout" role="group" aria-label="Sign out?">
        <button type="button" {...look} {...rest} autoFocus onClick={() => void leave()}>
          Yes, sign out
        </button>
        <button type="button" className="lockstep-logout-stay" onClick={() => { setStep("idle"); }}>
          Stay
        </button>
      </span>
    );
  }
  return (
    <span className="lockstep-logout">
      <button
        type="button"
        {...look}
        {...rest}
        disabled={step === "leaving"}
        onClick={() => { if (confirmBeforeLogout) setStep("asking"); else void leave(); }}
      >
        {step === "leaving" ? "Signing out…" : children}
      </button>
      {step === "failed" && <span role="alert">Could not sign out just now. Try again.</span>}
    </span>
  );
}

/** Signs out by an ordinary form, so that the button works even when scripts have failed on the way. */
export function LogoutForm({ children = "Sign out", ...rest }: Omit<ComponentProps<"button">, "type">) {
  const { state } = useLockstepContext();
  if (state.kind !== "signed-in") return null;
  return (
    <form method="post" action="/api/auth/logout" className="lockstep-logout">
      <input type="hidden" name="_csrf" value={state.session.csrfToken} />
      <button type="submit" {...rest}>
        {children}
      </button>
    </form>
  );
}
