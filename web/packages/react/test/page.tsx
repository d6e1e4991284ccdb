import { SessionKeeper } from "@lockstep/client";
import { cleanup, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach } from "vitest";
import { LockstepProvider } from "../src/index";
import type { InMemoryServer } from "./standin/inMemory";

/** One tab: the provider over the genuine client, with whatever the test puts inside. */
export function openTab(server: InMemoryServer, session: () => string | null, children: ReactNode, strict = false) {
  const went: string[] = [];
  const left: string[] = [];
  const keeper = new SessionKeeper({
    fetch: server.fetchAs(session),
    wait: () => new Promise((resolve) => setTimeout(resolve, 5)),
  });
  const view = render(
    <LockstepProvider
      origin="http://standin.test"
      keeper={keeper}
      navigate={(path) => went.push(path)}
      leave={(url) => left.push(url)}
      clientOptions={{ webSocketConstructor: server.webSocket(), logger: false }}
    >
      {children}
    </LockstepProvider>,
    { reactStrictMode: strict },
  );
  return { view, keeper, went, left };
}

afterEach(cleanup);
