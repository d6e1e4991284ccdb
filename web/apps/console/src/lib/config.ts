import { useEffect, useState } from "react";

/** Somebody a visitor of the demo may sign in as. */
export interface Persona {
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly organization: string;
  readonly loginHint: string;
}

export interface SignInConfig {
  readonly demo: boolean;
  readonly providers: readonly string[];
  readonly personas: readonly Persona[];
}

const PLAIN: SignInConfig = { demo: false, providers: [], personas: [] };

/** What the server offers for signing in; null until known. Without an answer the plain button still works. */
export function useSignInConfig(): SignInConfig | null {
  const [config, setConfig] = useState<SignInConfig | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    fetch("/api/auth/config", { signal: gone.signal, headers: { Accept: "application/json" } })
      .then(async (response) => (response.ok ? ((await response.json()) as { data?: Partial<SignInConfig> }).data : undefined))
      .then(
        (data) => {
          setConfig({ ...PLAIN, ...data });
        },
        () => {
          if (!gone.signal.aborted) setConfig(PLAIN);
        },
      );
    return () => {
      gone.abort();
    };
  }, []);
  return config;
}
