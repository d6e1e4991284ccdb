import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { Impersonation, useAccessToken, useRecentAuth, useTokenClaims, type AccessToken, type RecentAuth } from "../src/index";
import { openTab } from "./page";
import { InMemoryServer } from "./standin/inMemory";

const asks = (server: InMemoryServer, path: string) => server.asked.filter((one) => one.includes(path)).length;

function signedIn() {
  const server = new InMemoryServer();
  return { server, id: server.world.signIn("ada@acme.test").id };
}

describe("useAccessToken", () => {
  function Tokens({ found }: { found: (token: AccessToken) => void }) {
    const token = useAccessToken();
    found(token);
    return <p data-testid="token">{token.loading ? "loading" : (token.accessToken ?? "none")}</p>;
  }

  it("has a token once the session is known, and a new one on demand", async () => {
    const { server, id } = signedIn();
    let last: AccessToken | undefined;
    openTab(server, () => id, <Tokens found={(one) => { last = one; }} />);
    await waitFor(() => { expect(screen.getByTestId("token").textContent).toMatch(/\./); });
    const first = screen.getByTestId("token").textContent;
    expect(await last?.getAccessToken()).toBe(first);
    const next = await act(() => last?.refresh() ?? Promise.resolve(undefined));
    expect(next).not.toBe(first);
    expect(screen.getByTestId("token").textContent).toBe(next);
    expect(asks(server, "force=true")).toBe(1);
  });

  it("replaces a token half a minute before it ends", async () => {
    vi.useFakeTimers();
    try {
      const { server, id } = signedIn();
      openTab(server, () => id, <Tokens found={() => undefined} />);
      await act(() => vi.advanceTimersByTimeAsync(1000));
      const first = screen.getByTestId("token").textContent;
      await act(() => vi.advanceTimersByTimeAsync(260_000));
      expect(screen.getByTestId("token").textContent).toBe(first);
      await act(() => vi.advanceTimersByTimeAsync(12_000));
      expect(screen.getByTestId("token").textContent).not.toBe(first);
    } finally {
      vi.useRealTimers();
    }
  });

  it("has none for a stranger and forgets it when the session ends", async () => {
    const { server, id } = signedIn();
    let session: string | null = id;
    const { keeper } = openTab(server, () => session, <Tokens found={() => undefined} />);
    await waitFor(() => { expect(screen.getByTestId("token").textContent).toMatch(/\./); });
    session = null;
    await act(() => keeper.check());
    expect(screen.getByTestId("token").textContent).toBe("none");
  });

  it("keeps the token and says so while the server is away", async () => {
    const { server, id } = signedIn();
    let last: AccessToken | undefined;
    const { keeper } = openTab(server, () => id, <Tokens found={(one) => { last = one; }} />);
    await waitFor(() => { expect(last?.accessToken).toBeDefined(); });
    server.world.outage = true;
    await act(() => keeper.check());
    expect(last?.error).toBeInstanceOf(Error);
    expect(last?.accessToken).toBeDefined();
  });
});

describe("useTokenClaims", () => {
  it("reads the claims of the token, letters beyond ASCII too", async () => {
    function Claims() {
      const { sub, plan } = useTokenClaims<{ plan: string }>();
      return <p data-testid="claims">{`${sub ?? "-"} ${plan ?? "-"}`}</p>;
    }
    const { server, id } = signedIn();
    openTab(server, () => id, <Claims />);
    await waitFor(() => { expect(screen.getByTestId("claims").textContent).toBe("user_ada büro"); });
  });
});

describe("useRecentAuth", () => {
  it("is stale until the server says otherwise, and again when it says so", async () => {
    let last: RecentAuth | undefined;
    function Recent() {
      last = useRecentAuth({ maxAge: 300 });
      return null;
    }
    const { server, id } = signedIn();
    openTab(server, () => id, <Recent />);
    expect(last?.isStale).toBe(true);
    await waitFor(() => { expect(last?.isStale).toBe(false); });
    server.world.provedSecondsAgo = 400;
    expect(await act(() => last?.check() ?? Promise.resolve(true))).toBe(false);
    expect(last?.isStale).toBe(true);
    expect(last?.signInUrl).toBe("/api/auth/login?maxAge=300");
  });
});

describe("Impersonation", () => {
  it("frames the page with a button that ends it, and only then", async () => {
    const { server, id } = signedIn();
    server.world.impersonator = { reason: "ticket 4711" };
    const { left } = openTab(server, () => id, <Impersonation />);
    await screen.findByText(/ada@acme.test: ticket 4711/);
    act(() => { screen.getByRole("button", { name: "Stop" }).click(); });
    await waitFor(() => { expect(left).toEqual(["/signed-out"]); });
    expect(screen.queryByRole("status")).toBeNull();
  });

  it("draws nothing for an ordinary session", async () => {
    const { server, id } = signedIn();
    const { view } = openTab(server, () => id, <Impersonation />);
    await waitFor(() => { expect(asks(server, "/api/auth/me")).toBe(1); });
    expect(view.container.innerHTML).toBe("");
  });
});
