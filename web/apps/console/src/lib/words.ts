import type { SyncedBy } from "@lockstep/react";

/** The route a change took from WorkOS to the row, in words. */
interface Route {
  readonly name: string;
  readonly sentence: string;
}

const ROUTES: Readonly<Record<SyncedBy, Route>> = {
  webhook: { name: "webhook", sentence: "WorkOS sent it and it was applied on arrival." },
  tail: { name: "events tail", sentence: "No webhook came. It was read from the event log of WorkOS instead." },
  snapshot: { name: "snapshot", sentence: "It was read in full from the API of WorkOS." },
  login: { name: "sign-in", sentence: "It came along when you signed in." },
};

/** A server newer than this page may know routes that the page does not. */
export function routeOf(syncedBy: SyncedBy): Route {
  return Object.hasOwn(ROUTES, syncedBy) ? ROUTES[syncedBy] : { name: syncedBy, sentence: "" };
}

/** "Firefox on Linux" from a user agent; a rough guess that is good enough to recognise one's own devices. */
export function deviceName(userAgent: string | null): string {
  if (userAgent === null || userAgent === "") return "Unknown device";
  const browser =
    /Edg\//.test(userAgent) ? "Edge"
    : /OPR\//.test(userAgent) ? "Opera"
    : /HeadlessChrome\//.test(userAgent) ? "Chrome (headless)"
    : /Firefox\//.test(userAgent) ? "Firefox"
    : /Chrom(?:e|ium)\//.test(userAgent) ? "Chrome"
    : /Safari\//.test(userAgent) ? "Safari"
    : null;
  const system =
    /iPhone|iPad/.test(userAgent) ? "iOS"
    : /Android/.test(userAgent) ? "Android"
    : /Mac OS X/.test(userAgent) ? "macOS"
    : /Windows/.test(userAgent) ? "Windows"
    : /Linux|X11/.test(userAgent) ? "Linux"
    : null;
  return [browser ?? "A browser", system].filter((part) => part !== null).join(" on ");
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** "3 minutes ago". */
export function ago(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (Number.isNaN(seconds)) return "";
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return words.format(-Math.round(seconds / length), unit);
  }
  return "just now";
}

/** The exact moment in the reader's own zone, for titles. */
export function exactly(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? "" : at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => String.fromCodePoint(word?.codePointAt(0) ?? 0x20));
  return letters.join("").trim().toUpperCase() || "?";
}
