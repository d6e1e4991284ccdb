import type { ConvexReactClient } from "convex/react";
import { useEffect } from "react";

/** How long after waking a broken connection counts as one that broke in the sleep. */
const WAKING_MS = 5000;

/**
 * A browser closes the sockets of a tab that it puts to sleep. The live client would wait a second or more before it
 * opens another; somebody who looks at the page again should not wait. It takes up a broken connection at once when
 * the window says that it is online again, so that is what it is told, once, when the tab wakes.
 */
export function useWaking(client: ConvexReactClient, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    let wakingUntil = 0;
    const reconnect = () => {
      const { hasEverConnected, isWebSocketConnected } = client.connectionState();
      if (Date.now() > wakingUntil || !hasEverConnected || isWebSocketConnected || !navigator.onLine) return;
      wakingUntil = 0;
      window.dispatchEvent(new Event("online"));
    };
    const wake = () => {
      if (document.visibilityState === "hidden") return;
      wakingUntil = Date.now() + WAKING_MS;
      reconnect();
    };
    const events = ["resume", "visibilitychange"] as const;
    for (const event of events) document.addEventListener(event, wake);
    const leave = client.subscribeToConnectionState(reconnect);
    return () => {
      for (const event of events) document.removeEventListener(event, wake);
      leave();
    };
  }, [client, wanted]);
}
