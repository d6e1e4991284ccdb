import { useAuth } from "@lockstep/react";
import { useEffect } from "react";
import { Link, useSearchParams } from "react-router";
import { keepDone, readDone } from "../lib/checklist";
import { Page } from "../ui/Page";

const SENTENCES: Readonly<Record<string, string>> = {
  "other-device": "You were signed out from another device, or your session ran out.",
  "other-tab": "You signed out in another tab.",
};

export function SignedOut() {
  const [query] = useSearchParams();
  const { isAuthenticated } = useAuth();
  const reason = query.get("reason") ?? "";
  useEffect(() => {
    keepDone(new Set([...readDone(), "leave"]));
  }, []);
  const sentence = Object.hasOwn(SENTENCES, reason) ? SENTENCES[reason] : "Your session is over here and in every other tab.";
  return (
    <Page title="Signed out">
      <div className="panel">
        <h1 tabIndex={-1} data-testid="signed-out">
          You are signed out
        </h1>
        <p>{sentence}</p>
        <p className="actions">
          {isAuthenticated ? (
            <Link className="button button-primary" to="/dashboard">
              You are back in: open your dashboard
            </Link>
          ) : (
            <Link className="button button-primary" to="/login">
              Sign in again
            </Link>
          )}
          <Link className="button" to="/">
            Start page
          </Link>
        </p>
      </div>
    </Page>
  );
}
