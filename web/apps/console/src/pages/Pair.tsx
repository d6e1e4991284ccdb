import { useEffect, useState } from "react";

const ROLES = ["member", "admin", "member", "viewer"] as const;
const STEP_MS = 3200;

/** The idea in one picture: WorkOS on top, the row below, and the row follows. Decoration; nothing here is data. */
export function Pair() {
  const [step, setStep] = useState(0);
  useEffect(() => {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const timer = setInterval(() => {
      setStep((last) => last + 1);
    }, STEP_MS / 2);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return (
    <div className="pair" aria-hidden>
      <Record title="WorkOS" turn={Math.ceil(step / 2)} />
      <Record title="Your PostgreSQL" turn={Math.floor(step / 2)} />
    </div>
  );
}

function Record({ title, turn }: { title: string; turn: number }) {
  return (
    <dl className="record">
      <div className="pair-title">{title}</div>
      <dt>display_name</dt>
      <dd>Grace Hopper</dd>
      <dt>organization</dt>
      <dd>Navy Yard</dd>
      <dt>role</dt>
      <dd key={turn} className={turn > 0 ? "changed" : undefined}>
        {ROLES[turn % ROLES.length]}
      </dd>
    </dl>
  );
}
