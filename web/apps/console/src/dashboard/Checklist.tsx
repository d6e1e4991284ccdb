import { api, useQueryResult, type MirroredUser } from "@lockstep/react";
import { Check } from "lucide-react";
import { useEffect, useState } from "react";
import { keepDone, readDone, STEPS, type StepName } from "../lib/checklist";

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
