import { act, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useConnection } from "../src/index";
import { openTab } from "./page";
import { InMemoryServer } from "./standin/inMemory";

function Light() {
  const { status, queued } = useConnection();
  return <p data-testid="light">{`${status} ${String(queued)}`}</p>;
}

const light = () => screen.getByTestId("light").textContent;
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

describe("useConnection", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function liveTab() {
    const server = new InMemoryServer();
    const { id } = server.world.signIn("ada@acme.test");
    openTab(server, () => id, <Light />);
    await pass(200);
    expect(light()).toBe("live 0");
    return server;
  }

  it("is offline only after the socket has been down for three seconds", async () => {
    const server = await liveTab();
    server.unreachable = true;
    act(() => { server.live.cut(); });
    await pass(2500);
    expect(light()).toBe("reconnecting 0");
    await pass(1000);
    expect(light()).toBe("offline 0");
    server.unreachable = false;
    await pass(40_000);
    expect(light()).toBe("live 0");
  });

  it("lets a break of less than three seconds pass quietly", async () => {
    const server = await liveTab();
    act(() => { server.live.cut(); });
    const seen = new Set<string | null>();
    for (let step = 0; step < 50; step++) {
      await pass(100);
      seen.add(light());
    }
    expect(light()).toBe("live 0");
    expect([...seen].filter((one) => one?.startsWith("offline"))).toEqual([]);
  });

  it("takes up a connection that broke while the tab slept as soon as it wakes", async () => {
    const server = await liveTab();
    act(() => { server.live.cut(); });
    await pass(100);
    expect(light()).toBe("reconnecting 0");
    act(() => { document.dispatchEvent(new Event("resume")); });
    await pass(100);
    expect(light()).toBe("live 0");
  });

  it("does so too when the break comes to light after the waking, but only once", async () => {
    const server = await liveTab();
    act(() => { document.dispatchEvent(new Event("resume")); });
    act(() => { server.live.cut(); });
    await pass(100);
    expect(light()).toBe("live 0");
    act(() => { server.live.cut(); });
    await pass(100);
    expect(light()).toBe("reconnecting 0");
  });

  it("is idle, and opens nothing, when nobody is signed in", async () => {
    vi.useRealTimers();
    const server = new InMemoryServer();
    openTab(server, () => null, <Light />);
    await waitFor(() => { expect(light()).toBe("idle 0"); });
    expect(server.live.authentications).toBe(0);
  });
});
