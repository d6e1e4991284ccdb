import { AccessTokens, SessionKeeper, sessionKey, type SessionState } from "@lockstep/client";
import { ConvexProviderWithAuth, ConvexReactClient, useConvexAuth, type ConvexReactClientOptions } from "convex/react";
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from "react";
import { LockstepContext, useLockstepContext, type Leave, type Navigate } from "./context";
import { MirrorProvider } from "./mirror";
import { useWaking } from "./waking";

export interface LockstepProviderProps {
  readonly children?: ReactNode;
  /** Where the server is; the page's own origin unless given. */
  readonly origin?: string;
  readonly navigate?: Navigate;
  readonly leave?: Leave;
  /** A keeper made elsewhere; it is started and closed here all the same. Must not change. */
  readonly keeper?: SessionKeeper;
  /** Further options of the live connection. Must not change. */
  readonly clientOptions?: ConvexReactClientOptions;
}

/** Gives everything below it the session and a live connection that belongs to that session and no other. */
export function LockstepProvider(props: LockstepProviderProps) {
  const origin = props.origin ?? window.location.origin;
  const [keeper] = useState(() => props.keeper ?? new SessionKeeper({ origin }));
  const [tokens] = useState(() => new AccessTokens(keeper));
  const [clientOptions] = useState(props.clientOptions);
  const state = useSyncExternalStore(keeper.subscribe, keeper.state);
  const key = sessionKey(state);
  const client = useLiveClient(origin, key, clientOptions);
  useWaking(client, state.kind === "signed-in");
  const [generation, setGeneration] = useState(0);
  const navigate = props.navigate ?? goTo;
  const leave = props.leave ?? leaveFor;

  useEffect(() => {
    keeper.start();
    return () => {
      keeper.close();
    };
  }, [keeper]);

  const value = useMemo(
    () => ({ keeper, tokens, state, client, generation, navigate, leave }),
    [keeper, tokens, state, client, generation, navigate, leave],
  );
  const introduceAgain = useCallback(() => {
    setGeneration((last) => last + 1);
  }, []);

  return (
    <LockstepContext.Provider value={value}>
      <ConvexProviderWithAuth client={client} useAuth={useTokenSource}>
        <Recovery keeper={keeper} state={state} introduceAgain={introduceAgain} />
        <MirrorProvider sessionKey={key}>{props.children}</MirrorProvider>
      </ConvexProviderWithAuth>
    </LockstepContext.Provider>
  );
}

/**
 * One client per session: what the last person's connection still held can never reach the next one. It opens
 * its socket on first use, and holds even that back until it has a token.
 */
function useLiveClient(origin: string, key: string | null, options: ConvexReactClientOptions | undefined) {
  const made = useMemo(
    () => ({
      key,
      client: new ConvexReactClient(origin, { expectAuth: true, initialAuthTokenReuse: true, ...options }),
    }),
    [origin, key, options],
  );
  const { client } = made;
  const [closings] = useState(() => new Map<ConvexReactClient, ReturnType<typeof setTimeout>>());
  useEffect(() => {
    clearTimeout(closings.get(client));
    closings.delete(client);
    return () => {
      // Later, not now: a strict-mode remount takes the same client up again at once.
      closings.set(client, setTimeout(() => void client.close().catch(() => undefined)));
    };
  }, [client, closings]);
  return client;
}

/** Where the live connection gets its tokens; the function changes only when the session does. */
function useTokenSource() {
  const { keeper, state, client, generation } = useLockstepContext();
  // A new client or generation must bring a new function: that is what makes the connection introduce itself again.
  const fetchAccessToken = useMemo(
    () => tokensOf(keeper, client, generation),
    [keeper, client, generation],
  );
  return { isLoading: state.kind === "loading", isAuthenticated: state.kind === "signed-in", fetchAccessToken };
}

function tokensOf(keeper: SessionKeeper, _client: ConvexReactClient, _generation: number) {
  return ({ forceRefreshToken }: { forceRefreshToken: boolean }) => keeper.accessToken(forceRefreshToken);
}

/**
 * When the live connection gave up on its tokens although the session stands, asks who is signed in and lets the
 * connection try again, at most every few seconds.
 */
function Recovery(props: { keeper: SessionKeeper; state: SessionState; introduceAgain: () => void }) {
  const { keeper, state, introduceAgain } = props;
  const { isLoading, isAuthenticated } = useConvexAuth();
  const [failures, setFailures] = useState(0);
  const refused = state.kind === "signed-in" && !isLoading && !isAuthenticated;
  useEffect(() => {
    if (!refused) return;
    const timer = setTimeout(() => {
      setFailures((last) => last + 1);
      void keeper.check().then(introduceAgain);
    }, Math.min(1000 * 2 ** failures, 30_000));
    return () => {
      clearTimeout(timer);
    };
  }, [refused, keeper, introduceAgain, failures]);
  return null;
}

const goTo: Navigate = (path, { replace }) => {
  if (replace) window.location.replace(path);
  else window.location.assign(path);
};

const leaveFor: Leave = (url) => {
  window.location.assign(url);
};
