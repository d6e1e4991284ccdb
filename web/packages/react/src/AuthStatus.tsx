import { signInHref } from "@lockstep/client";
import { useAuth, useLockstep } from "./hooks";

export interface AuthStatusProps {
  readonly showRole?: boolean;
  readonly showOrganization?: boolean;
}

/** One line that says who is signed in. Live: a change in WorkOS shows here by itself. */
export function AuthStatus({ showRole = false, showOrganization = false }: AuthStatusProps) {
  const { workosUser, user, status } = useLockstep();
  const { session } = useAuth();
  if (status === "loading") return <span className="lockstep-auth-status" aria-busy="true" />;
  if (workosUser === null) {
    return (
      <span className="lockstep-auth-status">
        <a href={signInHref({ returnTo: window.location.pathname })}>Sign in</a>
      </span>
    );
  }
  const roles = user?.membership?.roles ?? session?.roles ?? [];
  return (
    <span className="lockstep-auth-status">
      <span className="lockstep-auth-name">{user?.displayName ?? workosUser.displayName}</span>
      {showRole && roles.length > 0 && <span className="lockstep-auth-role">{roles.join(", ")}</span>}
      {showOrganization && user?.organization != null && (
        <span className="lockstep-auth-organization">{user.organization.name}</span>
      )}
    </span>
  );
}
