import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { useLayoutEffect } from "react";
import { describe, expect, it } from "vitest";
import { api, AuthStatus, AuthWrapper, LogoutButton, LogoutForm, useAuth, useLockstep, useMutation, useWorkOS } from "../src/index";
import { openTab } from "./page";
import { InMemoryServer } from "./standin/inMemory";

/** Writes down every state it is drawn in; a blink shows as an entry too many. */
function Probe({ log }: { log: string[] }) {
  const { status, user, isLoading } = useLockstep();
  const line = `${status}${isLoading ? " loading" : ""} ${user?.displayName ?? "-"}`;
  useLayoutEffect(() => {
    if (log.at(-1) !== line) log.push(line);
  });
  return <p data-testid="probe">{line}</p>;
}

/** Nothing was drawn but these, in this order. A busy machine may skip one between; it may never add one. */
function expectOnly(log: readonly string[], expected: readonly string[]) {
  const positions = log.map((line) => expected.indexOf(line));
  expect(positions, log.join(" | ")).not.toContain(-1);
  expect(positions, log.join(" | ")).toEqual([...new Set(positions)].sort((a, b) => a - b));
  expect(log.at(-1)).toBe(expected.at(-1));
}

const shows = (text: string) => waitFor(() => { expect(screen.getByTestId("probe").textContent).toBe(text); });

describe("useLockstep", () => {
  it("goes from loading over syncing to the live row, and follows the row", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const log: string[] = [];
    openTab(server, () => id, <Probe log={log} />);
    await shows("signed-in Ada Osei");
    act(() => { server.world.edit("user_ada", { displayName: "Ada Lovelace" }); });
    await shows("signed-in Ada Lovelace");
    expectOnly(log, ["loading loading -", "syncing loading -", "signed-in Ada Osei", "signed-in Ada Lovelace"]);
  });

  it("does not load for ever when nobody is signed in", async () => {
    const log: string[] = [];
    const server = new InMemoryServer();
    openTab(server, () => null, <Probe log={log} />);
    await shows("signed-out -");
    expect(log).toEqual(["loading loading -", "signed-out -"]);
    expect(server.asked).toEqual(["GET /api/auth/me"]);
  });

  it("says syncing, and no longer loading, while the row is missing", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    server.world.mirror("user_ada", false);
    openTab(server, () => id, <Probe log={[]} />);
    await shows("syncing -");
    act(() => { server.world.mirror("user_ada", true); });
    await shows("signed-in Ada Osei");
  });

  it("has the older name too", () => {
    expect(useWorkOS).toBe(useLockstep);
  });
});

describe("the live connection", () => {
  it("introduces itself once, with one token, before it asks anything", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    openTab(server, () => id, <Probe log={[]} />);
    await shows("signed-in Ada Osei");
    expect(server.asked).toEqual(["GET /api/auth/me", "POST /api/auth/token"]);
    expect(server.live.authentications).toBe(1);
  });

  it("shows no blink when the server wants a new token", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const log: string[] = [];
    openTab(server, () => id, <Probe log={log} />);
    await shows("signed-in Ada Osei");
    act(() => { server.world.ended(id); });
    await waitFor(() => { expect(server.live.authentications).toBe(2); });
    act(() => { server.world.edit("user_ada", { displayName: "Ada Later" }); });
    await shows("signed-in Ada Later");
    expectOnly(log.slice(log.indexOf("signed-in Ada Osei")), ["signed-in Ada Osei", "signed-in Ada Later"]);
    expect(server.asked).toContain("POST /api/auth/token?force=true");
  });

  it("keeps the page through an outage of the token endpoint and recovers by itself", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const log: string[] = [];
    openTab(server, () => id, <AuthWrapper><Probe log={log} /></AuthWrapper>);
    await shows("signed-in Ada Osei");
    server.world.outage = true;
    act(() => { server.world.ended(id); });
    await waitFor(() => { expect(server.asked.filter((one) => one.includes("force")).length).toBeGreaterThan(2); });
    expect(screen.getByTestId("probe").textContent).toBe("signed-in Ada Osei");
    server.world.outage = false;
    server.world.edit("user_ada", { displayName: "Ada After" });
    await shows("signed-in Ada After");
    expectOnly(log.slice(log.indexOf("signed-in Ada Osei")), ["signed-in Ada Osei", "signed-in Ada After"]);
  });

  it("introduces itself again after it gave up on a server that refused good tokens", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    server.live.refusals = 5;
    const { keeper } = openTab(server, () => id, <Probe log={[]} />);
    await waitFor(() => { expect(screen.getByTestId("probe").textContent).toBe("signed-in Ada Osei"); }, { timeout: 12_000 });
    expect(keeper.state().kind).toBe("signed-in");
    expect(server.asked.filter((one) => one === "GET /api/auth/me").length).toBeGreaterThan(1);
  }, 15_000);

  it("keeps the row while a node that took over does not know this connection yet", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const log: string[] = [];
    openTab(server, () => id, <Probe log={log} />);
    await shows("signed-in Ada Osei");
    server.world.repeatsToken = true;
    server.live.refusals = 1;
    act(() => { server.live.cut(); });
    await waitFor(() => { expect(server.live.anonymousRows).toBeGreaterThan(0); }, { timeout: 12_000 });
    expect(screen.getByTestId("probe").textContent).toBe("signed-in Ada Osei");
    server.world.edit("user_ada", { displayName: "Ada Again" });
    await waitFor(() => { expect(screen.getByTestId("probe").textContent).toBe("signed-in Ada Again"); }, { timeout: 12_000 });
    expectOnly(log.slice(log.indexOf("signed-in Ada Osei")), ["signed-in Ada Osei", "signed-in Ada Again"]);
    act(() => { server.world.mirror("user_ada", false); });
    await shows("syncing -");
  }, 30_000);

  it("survives the double mounting of strict mode", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    openTab(server, () => id, <Probe log={[]} />, true);
    await shows("signed-in Ada Osei");
    act(() => { server.world.edit("user_ada", { displayName: "Ada Strict" }); });
    await shows("signed-in Ada Strict");
  });

  it("sends what was queued while the server was away, once", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const edits: unknown[] = [];
    const edit = server.world.edit.bind(server.world);
    server.world.edit = (user, change) => {
      edits.push(change);
      edit(user, change);
    };
    function Bio() {
      const update = useMutation(api.profiles.update);
      return <button onClick={() => void update({ bio: "offline" })}>{useLockstep().user?.bio ?? "no bio"}</button>;
    }
    openTab(server, () => id, <Bio />);
    await waitFor(() => { expect(server.live.authentications).toBe(1); });
    await screen.findByText("no bio");
    server.unreachable = true;
    act(() => { server.live.cut(); });
    act(() => { screen.getByRole("button").click(); });
    server.unreachable = false;
    await waitFor(() => { expect(screen.getByRole("button").textContent).toBe("offline"); }, { timeout: 8000 });
    expect(edits).toEqual([{ bio: "offline" }]);
  }, 10_000);
});

describe("a session that ends", () => {
  it("by another device takes every tab to the signed-out page with that reason", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const one = openTab(server, () => id, <AuthWrapper><p>inside one</p></AuthWrapper>);
    const two = openTab(server, () => id, <AuthWrapper><p>inside two</p></AuthWrapper>);
    await screen.findByText("inside one");
    await screen.findByText("inside two");
    server.world.ended = () => undefined;
    act(() => { server.world.revoke(id); });
    await act(() => one.keeper.check());
    await waitFor(() => { expect([...one.went, ...two.went]).toEqual(Array(2).fill("/signed-out?reason=other-device")); });
    expect(screen.queryByText(/inside/)).toBeNull();
  });

  it("is noticed over the socket within a second", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const tab = openTab(server, () => id, <AuthWrapper><Probe log={[]} /></AuthWrapper>);
    await shows("signed-in Ada Osei");
    act(() => { server.world.revoke(id); });
    await waitFor(() => { expect(tab.went).toEqual(["/signed-out?reason=other-device"]); }, { timeout: 1000 });
  });

  it("by the button leaves for WorkOS, and the other tab says so", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const one = openTab(server, () => id, <AuthWrapper><LogoutButton confirmBeforeLogout variant="destructive" /></AuthWrapper>);
    const two = openTab(server, () => id, <AuthWrapper><p>inside two</p></AuthWrapper>);
    await screen.findByText("inside two");
    act(() => { screen.getByText("Sign out").click(); });
    expect(server.world.active(id)).not.toBeNull();
    act(() => { screen.getByText("Yes, sign out").click(); });
    await waitFor(() => { expect(two.went).toEqual(["/signed-out?reason=other-tab"]); });
    expect(one.left).toEqual(["/signed-out"]);
    expect(one.went).toEqual([]);
    expect(screen.queryByText("Sign out")).toBeNull();
    expect(server.world.active(id)).toBeNull();
  });

  it("may be thought over: whoever stays is still signed in", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const tab = openTab(server, () => id, <AuthWrapper><LogoutButton confirmBeforeLogout /></AuthWrapper>);
    fireEvent.click(await screen.findByText("Sign out"));
    fireEvent.click(screen.getByText("Stay"));
    expect(screen.getByText("Sign out")).toBeTruthy();
    expect(screen.queryByText("Yes, sign out")).toBeNull();
    expect([tab.left, server.world.active(id) === null]).toEqual([[], false]);
  });

  it("is not seen by the person who comes next: the row of the last one is gone at once", async () => {
    const server = new InMemoryServer();
    let session: string | null = server.world.signIn("ada@acme.test").id;
    const { keeper } = openTab(server, () => session, <Probe log={[]} />);
    await shows("signed-in Ada Osei");
    server.world.mirror("user_cleo", false);
    session = server.world.signIn("cleo@globex.test").id;
    await act(() => keeper.check());
    await shows("syncing -");
    act(() => { server.world.mirror("user_cleo", true); });
    await shows("signed-in Cleo Marsh");
  });
});

describe("AuthWrapper", () => {
  it("takes a stranger to the login with the path they wanted", async () => {
    window.history.replaceState(null, "", "/projects?tab=2#top");
    const { went } = openTab(new InMemoryServer(), () => null, <AuthWrapper redirectTo="/login">secret</AuthWrapper>);
    await waitFor(() => { expect(went).toEqual(["/login?returnTo=%2Fprojects%3Ftab%3D2%23top"]); });
    expect(screen.queryByText("secret")).toBeNull();
    window.history.replaceState(null, "", "/");
  });

  it("shows the fallback, and goes nowhere, while the server cannot say who is there", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    server.world.outage = true;
    function Wait() {
      return <p>{useAuth().isUnavailable ? "cannot say" : "asking"}</p>;
    }
    const { went } = openTab(server, () => id, <AuthWrapper fallback={<Wait />}>inside</AuthWrapper>);
    await screen.findByText("cannot say");
    expect(went).toEqual([]);
    server.world.outage = false;
    await screen.findByText("inside");
  });
});

describe("the small components", () => {
  it("AuthStatus follows the row and offers the sign-in to strangers", async () => {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    const { view } = openTab(server, () => id, <AuthStatus showRole showOrganization />);
    await screen.findByText("Acme Robotics");
    expect(view.container.textContent).toBe("Ada OseiownerAcme Robotics");
    view.unmount();
    openTab(server, () => null, <AuthStatus />);
    expect((await screen.findByText("Sign in")).getAttribute("href")).toBe("/api/auth/login?returnTo=%2F");
  });

  it("LogoutForm is a plain form that carries the CSRF token", async () => {
    const server = new InMemoryServer();
    const { id, csrf } = server.world.signIn("ada@acme.test");
    const { view } = openTab(server, () => id, <LogoutForm />);
    await screen.findByText("Sign out");
    const form = view.container.querySelector("form");
    expect([form?.method, form?.getAttribute("action")]).toEqual(["post", "/api/auth/logout"]);
    expect(new FormData(form ?? undefined).get("_csrf")).toBe(csrf);
  });
});
