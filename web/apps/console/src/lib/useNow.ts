import { useSyncExternalStore } from "react";

const STEP_MS = 15_000;

/** The current time, moving on every quarter of a minute: enough for "2 minutes ago". */
export function useNow(): number {
  return useSyncExternalStore(tick, now);
}

function now(): number {
  return Math.floor(Date.now() / STEP_MS) * STEP_MS;
}

function tick(changed: () => void): () => void {
  const timer = setInterval(changed, STEP_MS);
  return () => {
    clearInterval(timer);
  };
}
