import { ago, exactly } from "../lib/words";
import { useNow } from "../lib/useNow";

/** "3 minutes ago", with the exact moment for who asks. Nothing when the moment is not known. */
export function Ago({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return null;
  return (
    <time className="muted" dateTime={at} title={exactly(at)}>
      {ago(at, now)}
    </time>
  );
}
