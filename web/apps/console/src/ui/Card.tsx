import { useId, type ReactNode } from "react";
import { ErrorBoundary } from "./ErrorBoundary";

/** One subject of the dashboard. What breaks inside stays inside. */
export function Card(props: { title: string; note?: ReactNode; what: string; children: ReactNode; className?: string }) {
  const id = useId();
  return (
    <section className={`card ${props.className ?? ""}`} aria-labelledby={id}>
      <header className="card-top">
        <h2 id={id}>{props.title}</h2>
        {props.note !== undefined && <span className="card-note">{props.note}</span>}
      </header>
      <ErrorBoundary what={props.what}>{props.children}</ErrorBoundary>
    </section>
  );
}
