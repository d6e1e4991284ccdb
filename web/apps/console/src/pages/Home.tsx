import { useAuth } from "@lockstep/react";
import { ArrowRight } from "lucide-react";
import { Link } from "react-router";
import { useSignInConfig } from "../lib/config";
import { Page } from "../ui/Page";
import { Pair } from "./Pair";

const STEPS = [
  ["WorkOS signs people in", "Passwords, social accounts, single sign-on, directories."],
  ["Your PostgreSQL holds the rows", "Every change is applied once, in order, however it arrived."],
  ["The page follows the row", "What you see is a live query. Nobody presses reload."],
] as const;

export function Home() {
  const { isAuthenticated } = useAuth();
  const config = useSignInConfig();
  return (
    <Page title="Welcome" wide>
      <div className="hero">
        <div>
        <h1 tabIndex={-1}>
          Your database,
          <br />
          in step with <em>who people are</em>.
        </h1>
        <p className="lead">
          Lockstep keeps the users and organizations of WorkOS as ordinary rows of your own PostgreSQL, and shows them the
          moment they change.
        </p>
        <p className="actions">
          <Link className="button button-primary" to={isAuthenticated ? "/dashboard" : "/login"}>
            {isAuthenticated ? "Open your dashboard" : config?.demo === true ? "Try the demo" : "Sign in"}
            <ArrowRight size={18} aria-hidden className="flip" />
          </Link>
          {!isAuthenticated && (
            <Link className="button" to="/register">
              Create an account
            </Link>
          )}
        </p>
        </div>
        <Pair />
      </div>
      <ol className="steps">
        {STEPS.map(([title, text]) => (
          <li key={title}>
            <h2>{title}</h2>
            <p>{text}</p>
          </li>
        ))}
      </ol>
    </Page>
  );
}
