import type { AccessTokens, SessionKeeper, SessionState } from "@lockstep/client";
import type { ConvexReactClient } from "convex/react";
import { createContext, useContext } from "react";

/** What the provider hands down. `generation` grows when the live connection has to introduce itself anew. */
export interface LockstepContextValue {
  readonly keeper: SessionKeeper;
  readonly tokens: AccessTokens;
  readonly state: SessionState;
  readonly client: ConvexReactClient;
  readonly generation: number;
  readonly navigate: Navigate;
  readonly leave: Leave;
}

/** Goes to a path of this site, without a page load where a router can. */
export type Navigate = (path: string, options: { replace: boolean }) => void;

/** Leaves for another site. */
export type Leave = (url: string) => void;

export const LockstepContext = createContext<LockstepContextValue | null>(null);

export function useLockstepContext(): LockstepContextValue {
  const value = useContext(LockstepContext);
  if (value === null) throw new Error("No LockstepProvider above this component. Wrap the application in <LockstepProvider>.");
  return value;
}
