import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BaseConvexClient } from "convex/browser";
import { describe, expect, it } from "vitest";

const FOLDER = join(import.meta.dirname, "../../../../protocol");

/**
 * The examples that the server's tests hold to as well. A file holds one message, a list of messages, or an object
 * whose values are messages or lists of them; everything with a `type` is a message.
 */
const FILES = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));

const FROM_SERVER = new Set(["Transition", "TransitionChunk", "MutationResponse", "ActionResponse", "AuthError", "FatalError", "Ping"]);
const FROM_CLIENT = new Set(["Connect", "Authenticate", "ModifyQuerySet", "Mutation", "Action", "Event"]);

type Message = Readonly<Record<string, unknown>> & { readonly type: string };

function messagesIn(value: unknown): Message[] {
  if (typeof value === "string" && value.startsWith("{")) return messagesIn(JSON.parse(value));
  if (Array.isArray(value)) return value.flatMap(messagesIn);
  if (typeof value !== "object" || value === null) return [];
  if ("type" in value && typeof value.type === "string") return [value as Message];
  return Object.values(value).flatMap(messagesIn);
}

/** Feeds one message to the genuine client over a socket of its own and reports what it threw, if anything. */
async function feed(message: Message): Promise<unknown> {
  const thrown: unknown[] = [];
  const sockets: { onmessage?: (event: { data: string }) => void }[] = [];
  class OneSocket {
    readyState = 1;
    bufferedAmount = 0;
    onmessage?: (event: { data: string }) => void;
    onopen?: () => void;
    constructor() {
      sockets.push(this);
      setTimeout(() => this.onopen?.());
    }
    send() {}
    close() {}
  }
  const client = new BaseConvexClient("http://standin.test", () => undefined, {
    webSocketConstructor: OneSocket as unknown as typeof WebSocket,
    logger: false,
    unsavedChangesWarning: false,
  });
  await new Promise((resolve) => setTimeout(resolve, 2));
  try {
    sockets[0]?.onmessage?.({ data: JSON.stringify(message) });
  } catch (failure) {
    thrown.push(failure);
  }
  void client.close();
  return thrown[0];
}

/** A single example stands alone, so the client, which starts at zero, is told that the example starts there too. */
function asFirst(message: Message): Message {
  if (message.type !== "Transition") return message;
  return { ...message, startVersion: { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" } };
}

describe.skipIf(FILES.length === 0)("the example messages of the protocol", () => {
  it.each(FILES)("%s is understood by the genuine client", async (name) => {
    const messages = messagesIn(JSON.parse(readFileSync(join(FOLDER, name), "utf8")));
    for (const message of messages) {
      if (FROM_SERVER.has(message.type)) {
        const failure = await feed(asFirst(message));
        if (message.type === "FatalError") expect(failure).toBeInstanceOf(Error);
        else expect(failure, JSON.stringify(message)).toBeUndefined();
      } else {
        expect([...FROM_CLIENT], `${name}: unknown message type`).toContain(message.type);
      }
    }
  });
});
