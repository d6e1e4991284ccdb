import { localPath, signInHref } from "@lockstep/client";
import { useAuth } from "@lockstep/react";
import { useEffect, useState } from "react";
import { Link, Navigate, useSearchParams } from "react-router";
import { useSignInConfig } from "../lib/config";
import { shownRef, signInError, type SignInError } from "../lib/signInErrors";
import { CopyRef } from "../ui/CopyRef";
import { Page } from "../ui/Page";
import { Personas } from "./Personas";

const TEXTS = {
  "sign-in": { title: "Sign in", button: "Continue to sign in", other: "/register", ask: "New here?", otherLabel: "Create an account" },
  register: { title: "Create an account", button: "Continue to register", other: "/login", ask: "Already have one?", otherLabel: "Sign in" },
} as const;

export function Login({ purpose }: { purpose: "sign-in" | "register" }) {
  const [query] = useSearchParams();
  const { user, isUnavailable } = useAuth();
  const config = useSignInConfig();
  const wanted = localPath(query.get("returnTo"));
  const returnTo = wanted ?? "/dashboard";
  const error = signInError(query.get("error"));
  const texts = TEXTS[purpose];

  if (user !== null && error === null) return <Navigate to={returnTo} replace />;
  const href = signInHref({ returnTo, register: purpose === "register" });
  return (
    <Page title={texts.title}>
      <div className="panel sign-in">
        <h1 tabIndex={-1}>{texts.title}</h1>
        {wanted !== null && (
          <p className="muted continuing">
            Continuing to <strong>{wanted}</strong>
          </p>
        )}
        {error !== null && <Trouble error={error} href={href} refShown={shownRef(query.get("ref"))} />}
        {user !== null && (
          <p>
            You are still signed in as {user.displayName}. <Link to={returnTo}>Go on as {user.displayName}</Link>
          </p>
        )}
        {isUnavailable && (
          <p className="notice" role="status">
            The server cannot check your session just now. Signing in may have to wait a moment.
          </p>
        )}
        <StartButton href={href} label={texts.button} />
        {config !== null && config.providers.length > 0 && (
          <p className="muted small">With {new Intl.ListFormat("en", { type: "disjunction" }).format(config.providers)}.</p>
        )}
        {config !== null && config.personas.length > 0 && <Personas personas={config.personas} returnTo={returnTo} />}
        <p className="muted small">
          {texts.ask}{" "}
          <Link to={wanted === null ? texts.other : `${texts.other}?${new URLSearchParams({ returnTo: wanted }).toString()}`}>
            {texts.otherLabel}
          </Link>
        </p>
      </div>
    </Page>
  );
}

/** A plain link that says it was pressed, and offers itself once more when nothing came of it. */
function StartButton({ href, label }: { href: string; label: string }) {
  const [pressed, setPressed] = useState(false);
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!pressed) return;
    const timer = setTimeout(() => {
      setLate(true);
    }, 4000);
    const back = (event: PageTransitionEvent) => {
      if (event.persisted) setPressed(false);
    };
    window.addEventListener("pageshow", back);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pageshow", back);
    };
  }, [pressed]);
  return (
    <>
      <a className="button button-primary button-wide" href={href} data-testid="sign-in" aria-busy={pressed} onClick={() => { setPressed(true); }}>
        {pressed ? "Opening the sign-in page…" : label}
      </a>
      {pressed && late && (
        <p className="small" role="status">
          Nothing happening? <a href={href}>Go to the sign-in page</a>.
        </p>
      )}
    </>
  );
}

function Trouble({ error, href, refShown }: { error: SignInError; href: string; refShown: string | null }) {
  return (
    <div className="notice notice-bad" role="alert" data-testid="sign-in-error">
      <p>{error.sentence}</p>
      <p>
        {error.action.kind === "home" ? <Link to="/">{error.action.label}</Link> : <a href={href}>{error.action.label}</a>}
      </p>
      {refShown !== null && <CopyRef value={refShown} />}
    </div>
  );
}
