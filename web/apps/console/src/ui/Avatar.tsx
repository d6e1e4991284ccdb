import { useState } from "react";
import { initials } from "../lib/words";

/** A picture, or initials where there is none or it does not load. */
export function Avatar({ name, src, size = "normal" }: { name: string; src: string | null; size?: "normal" | "large" }) {
  const [broken, setBroken] = useState<string | null>(null);
  const shown = src !== null && src.startsWith("https://") && src !== broken ? src : null;
  return (
    <span className={`avatar avatar-${size}`} aria-hidden>
      {shown === null ? (
        initials(name)
      ) : (
        <img src={shown} alt="" referrerPolicy="no-referrer" onError={() => { setBroken(shown); }} />
      )}
    </span>
  );
}
