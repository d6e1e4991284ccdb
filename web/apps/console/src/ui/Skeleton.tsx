/** Grey lines in the shape of what is coming. */
export function Skeleton({ lines, label }: { lines: number; label: string }) {
  return (
    <div className="skeleton-lines" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="skeleton skeleton-line" />
      ))}
    </div>
  );
}
