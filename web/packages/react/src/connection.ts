import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useLockstepContext } from "./context";

/** `reconnecting` turns into `offline` only after the socket has been down this long. */
const QUIET_MS = 3000;

export type ConnectionStatus = "idle" | "connecting" | "live" | "reconnecting" | "offline";

export interface Connection {
  /** `idle` when nobody is signed in: there is no connection then, and none is missing. */
  readonly status: ConnectionStatus;
  /** Changes made here that the server has not confirmed yet. They are sent in order once it is back. */
  readonly queued: number;
}

/** The state of the live connection, told from the socket itself and never from the browser's online flag. */
export function useConnection(): Connection {
  const { client, state } = useLockstepContext();
  const wanted = state.kind === "signed-in";
  const subscribe = useCallback(
    (changed: () => void) => (wanted ? client.subscribeToConnectionState(changed) : () => undefined),
    [client, wanted],
  );
  const snapshot = useCallback(() => {
    if (!wanted) return "idle";
    const { isWebSocketConnected, hasEverConnected, inflightMutations } = client.connectionState();
    return `${isWebSocketConnected ? "live" : hasEverConnected ? "reconnecting" : "connecting"} ${String(inflightMutations)}`;
  }, [client, wanted]);
  const [status, queued] = useSyncExternalStore(subscribe, snapshot).split(" ") as [ConnectionStatus, string?];
  const down = status === "connecting" || status === "reconnecting";
  const long = useLasted(down, QUIET_MS);
  return { status: down && long ? "offline" : status, queued: Number(queued ?? 0) };
}

/** True once `on` has been true for that long without a break. */
function useLasted(on: boolean, ms: number): boolean {
  const [lasted, setLasted] = useState(false);
  if (!on && lasted) setLasted(false);
  useEffect(() => {
    if (!on) return;
    const timer = setTimeout(() => {
      setLasted(true);
    }, ms);
    return () => {
      clearTimeout(timer);
    };
  }, [on, ms]);
  return on && lasted;
}
