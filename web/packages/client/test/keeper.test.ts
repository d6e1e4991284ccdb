import { afterEach, describe, expect, it } from "vitest";
import { SessionKeeper, type OpenTabs, type TabMessage } from "../src/index";
import { aSession } from "./session";

type Script = (path: string, csrf: string | null) => Response | Promise<Response>;

const ok = (data: unknown) => new Response(JSON.stringify({ success: true, data }), { status: 200 });
const no = (status: number, code = "NO") => new Response(JSON.stringify({ code }), { status });

/** The tabs of one browser, told one after the other and at once. */
class Browser {
  private readonly ears = new Set<(message: TabMessage) => void>();
  readonly said: TabMessage[] = [];
  readonly open: OpenTabs = (hear) => {
    this.ears.add(hear);
    return {
      tell: (message) => {
        this.said.push(message);
        for (const ear of this.ears) if (ear !== hear) ear(message);
      },
      close: () => this.ears.delete(hear),
    };
  };
}

const started: SessionKeeper[] = [];
afterEach(() => {
  for (const keeper of started.splice(0)) keeper.close();
});

async function keeperOf(script: Script, browser = new Browser()) {
  const waits: number[] = [];
  const asked: string[] = [];
  const keeper = new SessionKeeper({
    fetch: (input, init) => {
      asked.push(input as string);
      return Promise.resolve(script(input as string, new Headers(init?.headers).get("X-CSRF-Token")));
    },
    openTabs: browser.open,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
    random: () => 0.5,
  });
  started.push(keeper);
  keeper.start();
  await keeper.check();
  return { keeper, waits, asked };
}

describe("the keeper", () => {
  it("signs in who the server names", async () => {
    const { keeper } = await keeperOf(() => ok(aSession("s1")));
    expect(keeper.state()).toMatchObject({ kind: "signed-in", unavailable: false });
  });

  it("waits out an outage at the start instead of calling it signed out", async () => {
    let outages = 3;
    const seen: string[] = [];
    const { keeper, waits } = await keeperOf(() => (outages-- > 0 ? no(503) : ok(aSession("s1"))));
    seen.push(keeper.state().kind);
    expect(seen).toEqual(["signed-in"]);
    expect(waits).toEqual([500, 1000, 2000]);
  });

  it("holds a token request through 503, 500 and a broken line, and keeps the session", async () => {
    const answers = [no(503), no(500), ok({ accessToken: "t1" })];
    let broken = true;
    const { keeper, waits } = await keeperOf((path) => {
      if (path === "/api/auth/me") return ok(aSession("s1"));
      if (broken) {
        broken = false;
        return Promise.reject(new TypeError("network"));
      }
      return answers.shift() ?? no(500);
    });
    const kinds = new Set<string>();
    keeper.subscribe(() => kinds.add(keeper.state().kind));
    expect(await keeper.accessToken(false)).toBe("t1");
    expect(waits).toHaveLength(3);
    expect([...kinds]).toEqual(["signed-in"]);
    expect(keeper.state()).toMatchObject({ unavailable: false });
  });

  it("asks for a fresh token only when it is told to", async () => {
    const { keeper, asked } = await keeperOf((path) => (path === "/api/auth/me" ? ok(aSession("s1")) : ok({ accessToken: "t" })));
    await keeper.accessToken(false);
    await keeper.accessToken(true);
    expect(asked.slice(1)).toEqual(["/api/auth/token", "/api/auth/token?force=true"]);
  });

  it("ends the session in every tab when the token is refused, and blames another device", async () => {
    const browser = new Browser();
    const other = await keeperOf(() => ok(aSession("s1")), browser);
    const { keeper } = await keeperOf((path) => (path === "/api/auth/me" ? ok(aSession("s1")) : no(401)), browser);
    expect(await keeper.accessToken(false)).toBeNull();
    expect(keeper.state()).toEqual({ kind: "signed-out", reason: "other-device" });
    expect(other.keeper.state()).toEqual({ kind: "signed-out", reason: "other-device" });
  });

  it("knows its own sign-out, and the other tabs know it was a tab", async () => {
    const browser = new Browser();
    const other = await keeperOf(() => ok(aSession("s1")), browser);
    const { keeper } = await keeperOf((path) => (path === "/api/auth/me" ? ok(aSession("s1")) : ok({ logoutUrl: "/bye" })), browser);
    const left: string[] = [];
    await keeper.signOut((url) => left.push(url));
    expect(left).toEqual(["/bye"]);
    expect(keeper.state()).toEqual({ kind: "signed-out", reason: "this-tab" });
    expect(other.keeper.state()).toEqual({ kind: "signed-out", reason: "other-tab" });
  });

  it("calls it a tab's sign-out even when its own token is refused before the tab is heard of again", async () => {
    const browser = new Browser();
    const { keeper } = await keeperOf((path) => (path === "/api/auth/me" ? ok(aSession("s1")) : no(401)), browser);
    browser.open(() => undefined).tell({ kind: "leaving" });
    await keeper.accessToken(true);
    expect(keeper.state()).toEqual({ kind: "signed-out", reason: "other-tab" });
  });

  it("stays signed in when the sign-out did not go through", async () => {
    const { keeper } = await keeperOf((path) => (path === "/api/auth/me" ? ok(aSession("s1")) : no(503)));
    const reply = await keeper.signOut(() => {
      throw new Error("must not leave");
    });
    expect(reply.kind).toBe("unavailable");
    expect(keeper.state().kind).toBe("signed-in");
  });

  it("renews a stale CSRF token once and repeats the request", async () => {
    let current = "csrf-old";
    const { keeper, asked } = await keeperOf((path, csrf) => {
      if (path === "/api/auth/me") return ok(aSession("s1", current));
      return csrf === "csrf-new" ? ok({}) : no(403, "CSRF_FAILED");
    });
    current = "csrf-new";
    expect(await keeper.post("/api/v1/sessions/s2/revoke")).toEqual({ kind: "ok", data: {} });
    expect(asked).toHaveLength(4);
  });

  it("looks again when another tab has signed in as somebody else", async () => {
    const browser = new Browser();
    let who = "s1";
    const { keeper } = await keeperOf(() => ok(aSession(who)), browser);
    who = "s2";
    await keeperOf(() => ok(aSession("s2")), browser);
    await keeper.check();
    expect(keeper.state()).toMatchObject({ session: { sessionId: "s2" } });
  });

  it("gives up a token request when the session ends meanwhile", async () => {
    const browser = new Browser();
    const tab = browser.open(() => undefined);
    const { keeper } = await keeperOf((path) => {
      if (path === "/api/auth/me") return ok(aSession("s1"));
      tab.tell({ kind: "ended", reason: "other-tab" });
      return no(503);
    }, browser);
    expect(await keeper.accessToken(false)).toBeNull();
    expect(keeper.state()).toEqual({ kind: "signed-out", reason: "other-tab" });
  });
});
