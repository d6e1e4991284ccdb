import { api, useQueryResult, type MirroredUser } from "@lockstep/react";
import { Check } from "lucide-react";
import { useEffect, useState } from "react";

const STEPS = [
  ["bio", "Edit your bio; the second window shows it at once"],
  ["rename", "Change your name in WorkOS; it comes back by webhook"],
  ["tail", "Drop a webhook; the change arrives by the events tail"],
  ["revoke", "Sign in elsewhere and revoke that session from here"],
  ["leave", "Sign out; every tab follows"],
] as const;

type StepName = (typeof STEPS)[number][0];

const KEY = "lockstep-checklist";

/** Five things to try. A step is ticked when its effect is seen here, not when a button is pressed. */
export function Checklist({ user }: { user: MirroredUser }) {
  const [done, setDone] = useState<ReadonlySet<StepName>>(readDone);
  const sessions = useQueryResult({ query: api.sessions.mine, args: {} });
  const others = sessions.status === "success" ? sessions.data.filter((row) => !row.current && row.status === "active").length : 0;
  const [start] = useState({ bio: user.bio, name: user.displayName });
  const [most, setMost] = useState(others);
  if (others > most) setMost(others);

  const seen = new Set(done);
  if (user.bio !== start.bio) seen.add("bio");
  if (user.displayName !== start.name && user.syncedBy === "webhook") seen.add("rename");
  if (user.displayName !== start.name && user.syncedBy === "tail") seen.add("tail");
  if (others < most) seen.add("revoke");
  if (seen.size !== done.size) setDone(seen);
  useEffect(() => {
    keepDone(done);
  }, [done]);

  return (
    <div className="checklist">
      <h3>
        Five steps <span className="muted small">{done.size} of {STEPS.length}</span>
      </h3>
      <ol>
        {STEPS.map(([name, text]) => (
          <li key={name} className={done.has(name) ? "is-done" : ""}>
            <span className="tick" aria-hidden>{done.has(name) && <Check size={14} strokeWidth={3} />}</span>
            <span>
              {text}
              {done.has(name) && <span className="visually-hidden"> (done)</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function readDone(): ReadonlySet<StepName> {
  try {
    const kept = (sessionStorage.getItem(KEY) ?? "").split(" ");
    return new Set(STEPS.map(([name]) => name).filter((name) => kept.includes(name)));
  } catch {
    return new Set();
  }
}

function keepDone(done: ReadonlySet<StepName>): void {
  try {
    sessionStorage.setItem(KEY, [...done].join(" "));
  } catch {
    // The ticks then last as long as the page.
  }
}
