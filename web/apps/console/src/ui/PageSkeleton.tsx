import { useAuth } from "@lockstep/react";
import { useEffect, useState } from "react";

/** Stands in for a page whose session is not known yet. After three seconds it says what is going on. */
export function PageSkeleton() {
  const { isUnavailable } = useAuth();
  const slow = useSlow(3000);
  return (
    <div className="page">
      <main className="page-main page-main-wide" aria-busy="true">
        <div className="skeleton skeleton-title" />
        <div className="skeleton skeleton-card" />
        <div className="skeleton skeleton-card" />
        <p className="muted" role="status">
          {isUnavailable
            ? "The server cannot check your session just now. You are not signed out; this goes on by itself."
            : slow
              ? "Still checking your session…"
              : ""}
        </p>
      </main>
    </div>
  );
}

export function useSlow(ms: number): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSlow(true);
    }, ms);
    return () => {
      clearTimeout(timer);
    };
  }, [ms]);
  return slow;
}
