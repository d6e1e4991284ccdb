import { pauseBefore, waitFor, type Wait } from "./pause";
import { readReply, type Reply } from "./reply";
import { LOADING, next, sessionKey, type Session, type SessionEvent, type SessionState } from "./state";
import { broadcastTabs, type OpenTabs, type TabMessage, type Tabs } from "./tabs";

export interface KeeperOptions {
  /** Where the server is, without a trailing slash; empty for the page's own origin. */
  readonly origin?: string;
  readonly fetch?: typeof fetch;
  readonly openTabs?: OpenTabs;
  readonly wait?: Wait;
  readonly random?: () => number;
}

/** How long a "leaving" note from another tab explains a session that ends. */
const LEAVING_MS = 10_000;

/**
 * Keeps the session of one page: asks who is signed in, fetches tokens for the live connection, and ends the
 * session in every tab. It is not a cache of permissions and never decides that an outage means signed out.
 */
export class SessionKeeper {
  private current: SessionState = LOADING;
  private readonly listeners = new Set<() => void>();
  private readonly origin: string;
  private readonly http: typeof fetch;
  private readonly openTabs: OpenTabs;
  private readonly wait: Wait;
  private readonly random: () => number;
  private tabs: Tabs | null = null;
  /** Aborted by close() and whenever the session ends; replaced right after. */
  private alive = new AbortController();
  private checking: Promise<void> | null = null;
  /** True from the press on sign out until the answer; a session that ends meanwhile ended by this tab. */
  private leaving = false;
  private otherTabLeft = 0;

  constructor(options: KeeperOptions = {}) {
    this.origin = options.origin ?? "";
    this.http = options.fetch ?? ((input, init) => fetch(input, init));
    this.openTabs = options.openTabs ?? broadcastTabs;
    this.wait = options.wait ?? waitFor;
    this.random = options.random ?? Math.random;
  }

  readonly state = (): SessionState => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    this.renew();
    this.tabs = this.openTabs((message) => {
      this.hear(message);
    });
    if (typeof document !== "undefined") document.addEventListener("visibilitychange", this.onVisible);
    if (typeof window !== "undefined") window.addEventListener("pageshow", this.onPageShow);
    void this.check();
  }

  close(): void {
    if (typeof document !== "undefined") document.removeEventListener("visibilitychange", this.onVisible);
    if (typeof window !== "undefined") window.removeEventListener("pageshow", this.onPageShow);
    this.tabs?.close();
    this.tabs = null;
    this.alive.abort();
  }

  /** Asks the server who is signed in; an outage is waited out while nothing is known yet. */
  check(): Promise<void> {
    if (this.checking !== null) return this.checking;
    const asking = this.askWho().finally(() => {
      if (this.checking === asking) this.checking = null;
    });
    this.checking = asking;
    return asking;
  }

  /** A token for the live connection; waits out an outage; null only when the session is over. */
  async accessToken(force: boolean): Promise<string | null> {
    const { signal } = this.alive;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const reply = await this.post<{ accessToken: string }>(`/api/auth/token${force ? "?force=true" : ""}`);
      if (isOver(signal)) return null;
      if (reply.kind === "ok") {
        this.available();
        return reply.data.accessToken;
      }
      if (reply.kind === "signed-out") return null;
      this.apply({ kind: "unavailable" });
      await this.wait(pauseBefore(attempt, reply.kind === "unavailable" ? reply.retryAfterMs : null, this.random), signal);
    }
    return null;
  }

  /** A POST with the session's CSRF token; a stale one is renewed once. A 401 ends the session in every tab. */
  async post<T>(path: string, body: unknown = {}): Promise<Reply<T>> {
    const first = await this.send<T>(path, body);
    const stale = first.kind === "refused" && first.status === 403 && first.code === "CSRF_FAILED";
    if (stale) await this.check();
    const reply = stale ? await this.send<T>(path, body) : first;
    if (reply.kind === "signed-out") this.end();
    return reply;
  }

  /** A GET on behalf of the session. A 401 ends the session in every tab. */
  async get<T>(path: string): Promise<Reply<T>> {
    const reply = await this.request<T>(path, {});
    if (reply.kind === "signed-out") this.end();
    return reply;
  }

  /** Ends the session here and in every tab; `leave` gets the address that ends it at WorkOS too. */
  async signOut(leave: (url: string) => void): Promise<Reply<{ logoutUrl: string }>> {
    this.leaving = true;
    this.tabs?.tell({ kind: "leaving" });
    const reply = await this.post<{ logoutUrl: string }>("/api/auth/logout");
    if (reply.kind === "ok") {
      leave(reply.data.logoutUrl);
      this.end();
    }
    this.leaving = false;
    return reply;
  }

  private async askWho(): Promise<void> {
    const { signal } = this.alive;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const reply = await this.request<Session>("/api/auth/me", {});
      if (isOver(signal)) return;
      if (reply.kind === "ok") {
        this.began(reply.data);
        return;
      }
      if (reply.kind === "signed-out") {
        this.end();
        return;
      }
      this.apply({ kind: "unavailable" });
      // A session that is already known is kept; its next request will tell.
      if (this.current.kind !== "loading") return;
      await this.wait(pauseBefore(attempt, reply.kind === "unavailable" ? reply.retryAfterMs : null, this.random), signal);
    }
  }

  private began(session: Session): void {
    const before = sessionKey(this.current);
    this.apply({ kind: "confirmed", session });
    const key = sessionKey(this.current);
    if (key !== null && key !== before) this.tabs?.tell({ kind: "started", key });
  }

  private end(): void {
    if (this.current.kind !== "signed-in") {
      this.apply({ kind: "nobody" });
      return;
    }
    const byOtherTab = performance.now() < this.otherTabLeft;
    const reason = this.leaving ? "this-tab" : byOtherTab ? "other-tab" : "other-device";
    this.tabs?.tell({ kind: "ended", reason: reason === "other-device" ? reason : "other-tab" });
    this.over(reason);
  }

  private over(reason: "this-tab" | "other-tab" | "other-device"): void {
    this.apply({ kind: "ended", reason });
    this.alive.abort();
    this.renew();
  }

  /** Questions asked before this moment are over; they may not stand in for new ones. */
  private renew(): void {
    this.alive = new AbortController();
    this.checking = null;
  }

  private hear(message: TabMessage): void {
    switch (message.kind) {
      case "leaving":
        this.otherTabLeft = performance.now() + LEAVING_MS;
        return;
      case "ended":
        if (this.current.kind === "signed-in") this.over(this.leaving ? "this-tab" : message.reason);
        return;
      case "started":
        if (sessionKey(this.current) !== message.key) void this.check();
    }
  }

  private available(): void {
    if (this.current.kind === "signed-in") this.apply({ kind: "confirmed", session: this.current.session });
  }

  private apply(event: SessionEvent): void {
    const before = this.current;
    this.current = next(before, event);
    if (this.current !== before) for (const listener of [...this.listeners]) listener();
  }

  private send<T>(path: string, body: unknown): Promise<Reply<T>> {
    const csrf = this.current.kind === "signed-in" ? this.current.session.csrfToken : "";
    return this.request<T>(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
      body: JSON.stringify(body),
    });
  }

  private async request<T>(path: string, init: RequestInit): Promise<Reply<T>> {
    const headers = { Accept: "application/json", ...(init.headers as Record<string, string> | undefined) };
    try {
      return await readReply<T>(
        await this.http(this.origin + path, { ...init, headers, credentials: "same-origin", cache: "no-store" }),
      );
    } catch {
      return { kind: "unavailable", retryAfterMs: null };
    }
  }

  private readonly onVisible = () => {
    if (document.visibilityState === "visible" && this.current.kind !== "loading") void this.check();
  };

  /** A page brought back by the Back button may show somebody who has left. */
  private readonly onPageShow = (event: PageTransitionEvent) => {
    if (event.persisted) void this.check();
  };
}

/** Asked again after every wait; a plain read would be taken for settled by the type checker. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
