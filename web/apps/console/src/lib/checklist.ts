/** The five things to try in the demo, in the order in which they are shown. */
export const STEPS = [
  ["bio", "Edit your bio; the second window shows it at once"],
  ["rename", "Change your name in WorkOS; it comes back by webhook"],
  ["tail", "Drop a webhook; the change arrives by the events tail"],
  ["revoke", "Sign in elsewhere and revoke that session from here"],
  ["leave", "Sign out; every tab follows"],
] as const;

export type StepName = (typeof STEPS)[number][0];

const KEY = "lockstep-checklist";

export function readDone(): ReadonlySet<StepName> {
  try {
    const kept = (localStorage.getItem(KEY) ?? "").split(" ");
    return new Set(STEPS.map(([name]) => name).filter((name) => kept.includes(name)));
  } catch {
    return new Set();
  }
}

export function keepDone(done: ReadonlySet<StepName>): void {
  try {
    localStorage.setItem(KEY, [...done].join(" "));
  } catch {
    // The ticks then last as long as the page.
  }
}
