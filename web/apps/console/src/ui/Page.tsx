import { useEffect, type ReactNode } from "react";
import { Link } from "react-router";
import { ThemeSwitch } from "./ThemeSwitch";

/** The frame of the pages that are read by anybody: mark, theme, one column. */
export function Page(props: { title: string; children: ReactNode; wide?: boolean }) {
  useTitle(props.title);
  return (
    <div className="page">
      <header className="page-top">
        <Link to="/" className="brand" aria-label="Lockstep, home">
          <Mark />
          <span>Lockstep</span>
        </Link>
        <ThemeSwitch />
      </header>
      <main className={props.wide === true ? "page-main page-main-wide" : "page-main"}>{props.children}</main>
    </div>
  );
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Lockstep`;
  }, [title]);
}

export function Mark() {
  return <img src="/mark.svg" alt="" width="28" height="28" className="mark" />;
}
