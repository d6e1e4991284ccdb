import { useEffect, type ReactNode } from "react";
import { useLockstepContext } from "./context";

/** This tab is on its way to WorkOS when it signs out itself; only if that does not come about it goes on alone. */
const LEAVING_MS = 5000;

export interface AuthWrapperProps {
  readonly children: ReactNode;
  /** Where somebody who is not signed in goes; the path they wanted travels along as `returnTo`. */
  readonly redirectTo?: string;
  /** Where somebody goes whose session ended while they looked; the reason travels along. */
  readonly endedAt?: string;
  /** Shown until it is known whether somebody is signed in. */
  readonly fallback?: ReactNode;
}

/**
 * Shows its children to signed-in people only. It protects what is on screen, not data: that is the server's work.
 * A token that is renewed, and a server that cannot answer just now, change nothing.
 */
export function AuthWrapper(props: AuthWrapperProps) {
  const { redirectTo = "/login", endedAt = "/signed-out", fallback = null } = props;
  const { state, navigate } = useLockstepContext();
  const gone = state.kind === "signed-out";
  const reason = gone ? state.reason : null;
  useEffect(() => {
    if (!gone) return;
    if (reason === null) {
      const { pathname, search, hash } = window.location;
      navigate(`${redirectTo}?${new URLSearchParams({ returnTo: pathname + search + hash }).toString()}`, { replace: true });
      return;
    }
    const leave = () => {
      navigate(`${endedAt}?${new URLSearchParams({ reason }).toString()}`, { replace: true });
    };
    if (reason !== "this-tab") {
      leave();
      return;
    }
    const timer = setTimeout(leave, LEAVING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [gone, reason, redirectTo, endedAt, navigate]);
  switch (state.kind) {
    case "loading":
      return fallback;
    case "signed-out":
      return reason === "this-tab" ? fallback : null;
    case "signed-in":
      return props.children;
  }
}
