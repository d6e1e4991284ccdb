import { sessionKey } from "@lockstep/client";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useLockstepContext } from "./context";

interface Answer {
  readonly authenticatedAt: string | null;
  readonly isStale: boolean;
  readonly signInUrl: string;
}

export interface RecentAuth {
  readonly authenticatedAt: Date | null;
  /** Whether the person has to prove who they are again. True while nothing is known. */
  readonly isStale: boolean;
  readonly loading: boolean;
  /** Where to do so; null until the server has answered. */
  readonly signInUrl: string | null;
  /** Asks the server again and says whether it is recent enough now. */
  readonly check: () => Promise<boolean>;
}

/** Whether the person proved who they are within `maxAge` seconds, by the server's clock. */
export function useRecentAuth({ maxAge }: { readonly maxAge: number }): RecentAuth {
  const { keeper, state } = useLockstepContext();
  const key = sessionKey(state);
  const question = `${key ?? ""} ${String(maxAge)}`;
  const [known, setKnown] = useState<{ question: string; answer: Answer } | null>(null);
  const answer = known?.question === question ? known.answer : null;

  const check = useCallback(async () => {
    if (key === null) return false;
    const reply = await keeper.get<Answer>(`/api/auth/recent-auth?maxAge=${String(maxAge)}`);
    if (reply.kind !== "ok") return false;
    setKnown({ question, answer: reply.data });
    return !reply.data.isStale;
  }, [keeper, key, maxAge, question]);

  useEffect(() => {
    if (key === null) return;
    const ask = () => void check();
    const first = setTimeout(ask);
    // The answer runs out by itself: ask again when it should have.
    const again = setInterval(ask, Math.max(maxAge, 1) * 1000);
    return () => {
      clearTimeout(first);
      clearInterval(again);
    };
  }, [key, maxAge, check]);

  return useMemo(
    () => ({
      authenticatedAt: answer?.authenticatedAt == null ? null : new Date(answer.authenticatedAt),
      isStale: answer?.isStale ?? true,
      loading: state.kind === "loading" || (key !== null && answer === null),
      signInUrl: answer?.signInUrl ?? null,
      check,
    }),
    [answer, state, key, check],
  );
}
