import { useConvexAuth, useQuery_experimental as useQueryResult } from "convex/react";
import { createContext, useContext, useState, type ReactNode } from "react";
import { api, type MirroredUser } from "./api";

/** `row` is undefined until the first answer, null while the row has not been mirrored. */
export interface Mirror {
  readonly row: MirroredUser | null | undefined;
  readonly error: Error | null;
}

const EMPTY: Mirror = { row: undefined, error: null };
const MirrorContext = createContext<Mirror>(EMPTY);

export function useMirror(): Mirror {
  return useContext(MirrorContext);
}

/**
 * One subscription to the caller's row for the whole page. The last row of a session stays while the connection
 * is renewed, so that nothing on screen blinks: a connection that has not introduced itself yet is told "no row",
 * which says nothing about this person's. Another session never sees it.
 */
export function MirrorProvider(props: { sessionKey: string | null; children: ReactNode }) {
  const { sessionKey } = props;
  const result = useQueryResult({ query: api.users.me, args: sessionKey === null ? "skip" : {} });
  const { isAuthenticated } = useConvexAuth();
  const [kept, setKept] = useState<{ key: string | null; mirror: Mirror }>({ key: sessionKey, mirror: EMPTY });

  const last = kept.key === sessionKey ? kept.mirror : EMPTY;
  let mirror = last;
  const answered = sessionKey !== null && result.status === "success" && (result.data !== null || isAuthenticated);
  if (answered && (result.data !== last.row || last.error !== null)) {
    mirror = { row: result.data, error: null };
  } else if (result.status === "error" && result.error !== last.error) {
    mirror = { row: last.row, error: result.error };
  }
  if (kept.key !== sessionKey || kept.mirror !== mirror) setKept({ key: sessionKey, mirror });

  return <MirrorContext.Provider value={mirror}>{props.children}</MirrorContext.Provider>;
}
