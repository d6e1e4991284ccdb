const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/** How long to wait before attempt `n` (0-based): what the server asked for, else doubling with jitter. */
export function pauseBefore(attempt: number, askedMs: number | null, random: () => number): number {
  const doubling = Math.min(FIRST_MS * 2 ** Math.min(attempt, 10), LONGEST_MS);
  const wanted = askedMs === null ? doubling : Math.min(Math.max(askedMs, FIRST_MS), 60_000);
  return Math.round(wanted * (0.75 + random() * 0.5));
}

export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Resolves after the time, or at once when aborted; never rejects. */
export const waitFor: Wait = (ms, signal) =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
