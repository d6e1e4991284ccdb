import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BaseConvexClient } from "convex/browser";
import { describe, expect, it } from "vitest";

const FOLDER = join(import.meta.dirname, "../../../../protocol");

type Message = Readonly<Record<string, unknown>> & { readonly type: string };

const examples = (side: "client" | "server") =>
  readdirSync(join(FOLDER, side)).map((name) => [name, JSON.parse(readFileSync(join(FOLDER, side, name), "utf8")) as Message] as const);

const settle = () => new Promise((resolve) => setTimeout(resolve, 3));

/** The genuine client at the end of a line whose other end is the test. */
function genuine() {
  const sent: Message[] = [];
  const lines: Line[] = [];
  class Line {
    readyState = 1;
    bufferedAmount = 0;
    onmessage?: (event: { data: string }) => void;
    onopen?: () => void;
    onclose?: (event: { code: number; reason: string }) => void;
    constructor() {
      lines.push(this);
      setTimeout(() => this.onopen?.());
    }
    send(text: string) {
      sent.push(JSON.parse(text) as Message);
    }
    close() {
      this.readyState = 3;
    }
  }
  const client = new BaseConvexClient("http://standin.test", () => undefined, {
    webSocketConstructor: Line as unknown as typeof WebSocket,
    logger: false,
    unsavedChangesWarning: false,
  });
  const say = (message: unknown) => lines.at(-1)?.onmessage?.({ data: JSON.stringify(message) });
  const cut = () => lines.at(-1)?.onclose?.({ code: 1001, reason: "InternalServerError" });
  return { client, sent, say, cut };
}

const ZERO = { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" };

/** An example stands alone; the client, which starts at zero, is told that the example starts there too. */
function asFirst(message: Message): Message {
  return message.type === "Transition" ? { ...message, startVersion: ZERO } : message;
}

describe("what the server writes", () => {
  it.each(examples("server"))("%s is understood by the genuine client", async (_name, message) => {
    const { client, say } = genuine();
    await settle();
    if (message.type === "FatalError") expect(() => say(message)).toThrow(String(message["error"]));
    else expect(() => say(asFirst(message))).not.toThrow();
    void client.close();
  });

  it("stops the client at a Transition that does not start where the last one ended", async () => {
    const { client, say } = genuine();
    await settle();
    const [, message] = examples("server").find(([, one]) => one.type === "Transition") ?? [];
    expect(() => say(message)).toThrow("Invalid start version");
    void client.close();
  });
});

describe("what the client writes", () => {
  /** One frame of each kind, made by the genuine client itself. */
  async function everyKind(): Promise<Message[]> {
    const { client, sent, say, cut } = genuine();
    await settle();
    const { unsubscribe } = client.subscribe("users:me", {});
    client.setAuth(() => Promise.resolve("header.eyJpYXQiOjEsImV4cCI6OTk5OTk5OTk5OX0.signature"), () => undefined);
    await settle();
    void client.mutation("profiles:update", { bio: "a" }).catch(() => undefined);
    void client.action("any:action", {}).catch(() => undefined);
    unsubscribe();
    client.clearAuth();
    await settle();
    say({ type: "Transition", startVersion: ZERO, endVersion: { ...ZERO, ts: "AQAAAAAAAAA=" }, modifications: [] });
    cut();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    void client.close();
    return sent;
  }

  it("has, kind by kind, exactly the members of the examples", async () => {
    const shapes = new Set((await everyKind()).map(shape));
    const wrong = examples("client").filter(([, one]) => one.type !== "Event" && !shapes.has(shape(one)));
    expect(wrong.map(([name, one]) => `${name}: ${shape(one)}`), [...shapes].join("\n")).toEqual([]);
  }, 10_000);
});

/** Kind and members, sorted; "Authenticate" is two kinds. */
function shape(message: Message): string {
  const kind = typeof message["tokenType"] === "string" ? `${message.type} ${message["tokenType"]}` : message.type;
  return `${kind}: ${Object.keys(message).sort().join(" ")}`;
}
