import { answer } from "./http";
import { LiveStandIn } from "./live";
import { World } from "./world";

/** A browser's view of the stand-in, without ports: a fetch that carries one session, and a WebSocket class. */
export class InMemoryServer {
  readonly world = new World();
  readonly live = new LiveStandIn(this.world);
  readonly asked: string[] = [];
  /** While true, new sockets fail, as they do when the server is away. */
  unreachable = false;

  fetchAs(session: () => string | null): typeof fetch {
    return (input, init) => {
      const url = new URL(input as string, "http://standin.test");
      this.asked.push(`${init?.method ?? "GET"} ${url.pathname}${url.search}`);
      const headers = new Headers(init?.headers);
      const reply = answer(this.world, {
        method: init?.method ?? "GET",
        url,
        sessionId: session(),
        csrf: headers.get("X-CSRF-Token"),
        body: typeof init?.body === "string" ? (JSON.parse(init.body) as Record<string, unknown>) : {},
      });
      if (reply === null) return Promise.resolve(new Response("", { status: 404 }));
      return Promise.resolve(
        new Response(JSON.stringify(reply.body), { status: reply.status, headers: { "Content-Type": "application/json", ...reply.headers } }),
      );
    };
  }

  webSocket(): typeof WebSocket {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the class below has a `this` of its own
    const server = this;
    class InMemorySocket {
      static readonly CONNECTING = 0;
      static readonly OPEN = 1;
      static readonly CLOSING = 2;
      static readonly CLOSED = 3;
      readyState = 0;
      bufferedAmount = 0;
      onopen: (() => void) | null = null;
      onmessage: ((event: { data: string }) => void) | null = null;
      onclose: ((event: { code: number; reason: string }) => void) | null = null;
      onerror: ((event: unknown) => void) | null = null;
      private talk: { hear(text: string): void; closed(): void } | null = null;

      constructor() {
        setTimeout(() => {
          if (server.unreachable) {
            this.closed(1006, "");
            return;
          }
          this.readyState = 1;
          this.talk = server.live.open({
            send: (text) => this.onmessage?.({ data: text }),
            close: (code, reason) => {
              setTimeout(() => {
                this.closed(code, reason);
              });
            },
          });
          this.onopen?.();
        });
      }

      send(text: string) {
        // Later, as on a real line: an answer never arrives before the send has returned.
        queueMicrotask(() => this.talk?.hear(text));
      }

      close(code = 1000, reason = "") {
        setTimeout(() => {
          this.closed(code, reason);
        });
      }

      private closed(code: number, reason: string) {
        if (this.readyState === 3) return;
        this.readyState = 3;
        this.talk?.closed();
        this.onclose?.({ code, reason });
      }
    }
    return InMemorySocket as unknown as typeof WebSocket;
  }
}
