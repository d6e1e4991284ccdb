import type { SessionKeeper } from "./keeper";
import { sessionKey } from "./state";
import { claimsOf } from "./claims";

/** How long before its end a token is replaced; tokens of five minutes or less get the shorter time. */
const BUFFER_S = 60;
const SHORT_BUFFER_S = 30;
const SHORT_LIFE_S = 300;
const SHORTEST_DELAY_MS = 15_000;
const LONGEST_DELAY_MS = 24 * 3600 * 1000;

/**
 * The current access token of a page, for calls to other services that take it. It fetches nothing until somebody
 * asks or listens, asks the server once however many want it, and replaces a token before it ends.
 */
export class AccessTokens {
  private token: string | null = null;
  private key: string | null = null;
  private asking: Promise<string | null> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly keeper: SessionKeeper,
    private readonly now: () => number = Date.now,
  ) {}

  /** The token at hand, without asking; null when there is none for the session of this moment. */
  readonly current = (): string | null => (this.key === sessionKey(this.keeper.state()) ? this.token : null);

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.wake();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.sleep();
    };
  };

  /** A token that is good for a while yet; null when nobody is signed in. Waits out an outage. */
  async get(): Promise<string | null> {
    const held = this.current();
    return held !== null && this.left(held) > 0 ? held : this.ask(false);
  }

  /** A new token from WorkOS, with the claims of this moment. */
  refresh(): Promise<string | null> {
    return this.ask(true);
  }

  private ask(force: boolean): Promise<string | null> {
    if (this.asking !== null && !force) return this.asking;
    const key = sessionKey(this.keeper.state());
    if (key === null) return Promise.resolve(null);
    const asking = this.keeper
      .accessToken(force)
      .then((token) => {
        // What was asked for one person is nobody else's answer.
        if (sessionKey(this.keeper.state()) !== key) return null;
        this.hold(key, token);
        return token;
      })
      .finally(() => {
        if (this.asking === asking) this.asking = null;
      });
    this.asking = asking;
    return asking;
  }

  private hold(key: string | null, token: string | null): void {
    const changed = this.key !== key || this.token !== token;
    this.key = key;
    this.token = token;
    this.plan();
    if (changed) for (const listener of [...this.listeners]) listener();
  }

  private plan(): void {
    clearTimeout(this.timer);
    if (this.listeners.size === 0 || this.token === null) return;
    const delay = Math.min(Math.max(this.left(this.token), SHORTEST_DELAY_MS), LONGEST_DELAY_MS);
    this.timer = setTimeout(() => void this.ask(false), delay);
  }

  /** Milliseconds until this token should be replaced, by this machine's clock. */
  private left(token: string): number {
    const { exp, iat } = claimsOf(token) ?? {};
    if (typeof exp !== "number") return 0;
    const life = typeof iat === "number" ? exp - iat : SHORT_LIFE_S;
    const buffer = life <= SHORT_LIFE_S ? SHORT_BUFFER_S : BUFFER_S;
    return (exp - buffer) * 1000 - this.now();
  }

  private wake(): void {
    this.unsubscribe = this.keeper.subscribe(this.followSession);
    this.followSession();
  }

  private sleep(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    clearTimeout(this.timer);
  }

  private readonly followSession = () => {
    const key = sessionKey(this.keeper.state());
    if (key === this.key && (key === null || this.token !== null)) return;
    if (key !== this.key) this.hold(key, null);
    if (key !== null && this.asking === null) void this.ask(false);
  };
}
