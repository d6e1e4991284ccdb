import type { EndReason } from "./state";

/** What the tabs of one browser tell each other. It carries no secret and proves nothing. */
export type TabMessage =
  | { readonly kind: "leaving" }
  | { readonly kind: "ended"; readonly reason: EndReason }
  | { readonly kind: "started"; readonly key: string };

/** The other tabs of this origin, or nobody where the browser cannot reach them. */
export interface Tabs {
  tell(message: TabMessage): void;
  close(): void;
}

export type OpenTabs = (hear: (message: TabMessage) => void) => Tabs;

export const broadcastTabs: OpenTabs = (hear) => {
  if (typeof BroadcastChannel === "undefined") return { tell: () => undefined, close: () => undefined };
  const channel = new BroadcastChannel("lockstep-session");
  channel.onmessage = (event: MessageEvent<unknown>) => {
    const message = parse(event.data);
    if (message !== null) hear(message);
  };
  return {
    tell: (message) => {
      channel.postMessage(message);
    },
    close: () => {
      channel.close();
    },
  };
};

function parse(data: unknown): TabMessage | null {
  if (typeof data !== "object" || data === null || !("kind" in data)) return null;
  switch (data.kind) {
    case "leaving":
      return { kind: "leaving" };
    case "ended":
      return "reason" in data && data.reason === "other-device"
        ? { kind: "ended", reason: "other-device" }
        : { kind: "ended", reason: "other-tab" };
    case "started":
      return "key" in data && typeof data.key === "string" ? { kind: "started", key: data.key } : null;
    default:
      return null;
  }
}
