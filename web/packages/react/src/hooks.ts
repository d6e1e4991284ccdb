import type { EndReason, Reply, Session, WorkOSUser } from "@lockstep/client";
import { useCallback, useMemo } from "react";
import type { MirroredUser } from "./api";
import { useLockstepContext } from "./context";
import { useMirror } from "./mirror";

export interface Auth {
  /** Null when signed out and while nothing is known; `isLoading` tells which. */
  readonly user: WorkOSUser | null;
  readonly session: Session | null;
  readonly isAuthenticated: boolean;
  readonly isLoading: boolean;
  /** The server cannot say just now. What was known stands. */
  readonly isUnavailable: boolean;
  /** Why a session seen on this page is over; null when there was none. */
  readonly endReason: EndReason | null;
  /** Ends the session everywhere and leaves for the address that ends it at WorkOS. */
  readonly signOut: () => Promise<Reply<{ logoutUrl: string }>>;
  /** A POST that carries the session's CSRF token. */
  readonly post: <T>(path: string, body?: unknown) => Promise<Reply<T>>;
}

/** Who is signed in, as the session says. Needs no live connection. */
export function useAuth(): Auth {
  const { keeper, state, leave } = useLockstepContext();
  const signOut = useCallback(() => keeper.signOut(leave), [keeper, leave]);
  const post = useCallback(<T>(path: string, body?: unknown) => keeper.post<T>(path, body), [keeper]);
  return useMemo(() => {
    const session = state.kind === "signed-in" ? state.session : null;
    return {
      user: session?.user ?? null,
      session,
      isAuthenticated: session !== null,
      isLoading: state.kind === "loading",
      isUnavailable: state.kind !== "signed-out" && state.unavailable,
      endReason: state.kind === "signed-out" ? state.reason : null,
      signOut,
      post,
    };
  }, [state, signOut, post]);
}

export type Status = "loading" | "signed-out" | "syncing" | "signed-in";

export interface Lockstep {
  /** From the session: there as soon as the session is. */
  readonly workosUser: WorkOSUser | null;
  /** From the database, live. Null until the row is there. */
  readonly user: MirroredUser | null;
  /** A valid session; says nothing about the row. */
  readonly isAuthenticated: boolean;
  /** True until there is an answer to show; never for ever: signed out is an answer, and so is a missing row. */
  readonly isLoading: boolean;
  readonly status: Status;
  /** The row's query failed; the last row, if any, is kept in `user`. */
  readonly error: Error | null;
}

/** The session and the mirrored row side by side. */
export function useLockstep(): Lockstep {
  const { user: workosUser, isAuthenticated, isLoading } = useAuth();
  const { row, error } = useMirror();
  return useMemo(() => {
    const user = row ?? null;
    const status = isLoading ? "loading" : !isAuthenticated ? "signed-out" : user === null ? "syncing" : "signed-in";
    return {
      workosUser,
      user,
      isAuthenticated,
      isLoading: isLoading || (isAuthenticated && row === undefined && error === null),
      status,
      error,
    };
  }, [workosUser, isAuthenticated, isLoading, row, error]);
}

/** The older name of {@link useLockstep}. */
export const useWorkOS = useLockstep;
