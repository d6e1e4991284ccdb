import { claimsOf, type TokenClaims } from "@lockstep/client";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useLockstepContext } from "./context";

export interface AccessToken {
  /** For a service beside this one that takes it; undefined until it is there and when nobody is signed in. */
  readonly accessToken: string | undefined;
  readonly loading: boolean;
  /** The server cannot be reached just now; the last token stays. */
  readonly error: Error | null;
  /** Fetches a new token from WorkOS, with the claims of this moment. */
  readonly refresh: () => Promise<string | undefined>;
  /** A token that is good for a while yet; asks the server only when the one at hand is not. */
  readonly getAccessToken: () => Promise<string | undefined>;
}

const UNREACHABLE = new Error("The server cannot be reached just now. The token is fetched as soon as it can.");

/** The session's access token, kept fresh while a component uses it. Tokens live in memory only. */
export function useAccessToken(): AccessToken {
  const { tokens, state } = useLockstepContext();
  const token = useSyncExternalStore(tokens.subscribe, tokens.current);
  const refresh = useCallback(async () => (await tokens.refresh()) ?? undefined, [tokens]);
  const getAccessToken = useCallback(async () => (await tokens.get()) ?? undefined, [tokens]);
  return useMemo(
    () => ({
      accessToken: token ?? undefined,
      loading: state.kind === "loading" || (state.kind === "signed-in" && token === null),
      error: state.kind !== "signed-out" && state.unavailable ? UNREACHABLE : null,
      refresh,
      getAccessToken,
    }),
    [token, state, refresh, getAccessToken],
  );
}

/** What the token says, with the claims of a JWT template. For showing; rights are the server's to judge. */
export function useTokenClaims<T extends Record<string, unknown> = Record<string, unknown>>(): Partial<TokenClaims & T> {
  const { accessToken } = useAccessToken();
  return useMemo(
    () => ((accessToken === undefined ? null : claimsOf(accessToken)) ?? {}) as Partial<TokenClaims & T>,
    [accessToken],
  );
}
