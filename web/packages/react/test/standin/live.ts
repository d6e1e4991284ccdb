import { Refused, type StandInSession, type World } from "./world";

/** One client's end of a live connection, however its frames travel. */
export interface Wire {
  send(text: string): void;
  close(code: number, reason: string): void;
}

type Frame = Readonly<Record<string, unknown>>;

interface Version {
  readonly querySet: number;
  readonly identity: number;
  readonly ts: string;
}

/** Speaks enough of the live protocol for the genuine client: one Transition for everything that came before it. */
export class LiveStandIn {
  private readonly talks = new Set<Talk>();
  private clock = 1n;
  /** Every Authenticate with a user's token, for tests that count them. */
  authentications = 0;
  /** How many of the next tokens are refused although they are good. */
  refusals = 0;
  /** How often "no row" was said to a connection that had not introduced itself. */
  anonymousRows = 0;

  constructor(readonly world: World) {
    world.changed = () => {
      this.clock++;
      for (const talk of this.talks) talk.soon();
    };
    world.ended = (sessionId) => {
      for (const talk of [...this.talks]) if (talk.session?.id === sessionId) talk.refuse(false);
    };
  }

  open(wire: Wire): { hear(text: string): void; closed(): void } {
    const talk = new Talk(this, wire);
    this.talks.add(talk);
    return {
      hear: (text) => {
        talk.hear(JSON.parse(text) as Frame);
      },
      closed: () => this.talks.delete(talk),
    };
  }

  /** Cuts every connection, as a server that is killed does. */
  cut(): void {
    for (const talk of [...this.talks]) talk.wire.close(1006, "");
  }

  ts(): string {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(this.clock);
    return bytes.toString("base64");
  }

  forget(talk: Talk): void {
    this.talks.delete(talk);
  }
}

class Talk {
  session: StandInSession | null = null;
  private readonly queries = new Map<number, { path: string; last: string | null }>();
  private sent: Version = { querySet: 0, identity: 0, ts: "AAAAAAAAAAA=" };
  private querySet = 0;
  private identity = 0;
  private planned = false;
  private over = false;

  constructor(
    private readonly server: LiveStandIn,
    readonly wire: Wire,
  ) {}

  hear(frame: Frame): void {
    switch (frame["type"]) {
      case "Authenticate":
        this.authenticate(frame);
        return;
      case "ModifyQuerySet":
        for (const change of frame["modifications"] as { type: string; queryId: number; udfPath: string }[]) {
          if (change.type === "Add") this.queries.set(change.queryId, { path: change.udfPath, last: null });
          else this.queries.delete(change.queryId);
        }
        this.querySet = Number(frame["newVersion"]);
        this.soon();
        return;
      case "Mutation":
        this.mutate(frame);
    }
  }

  refuse(authUpdateAttempted: boolean): void {
    this.send({ type: "AuthError", error: "Unauthenticated", baseVersion: this.sent.identity, authUpdateAttempted });
    this.over = true;
    this.server.forget(this);
    this.wire.close(1000, "Unauthenticated");
  }

  soon(): void {
    if (this.planned || this.over) return;
    this.planned = true;
    setTimeout(() => {
      this.planned = false;
      if (!this.over) this.transition();
    });
  }

  private authenticate(frame: Frame): void {
    this.identity++;
    if (frame["tokenType"] === "User") {
      this.server.authentications++;
      const claims = JSON.parse(Buffer.from(String(frame["value"]).split(".")[1] ?? "", "base64url").toString()) as { sid: string };
      this.session = this.server.world.active(claims.sid);
      if (this.session === null || this.server.refusals-- > 0) {
        this.refuse(true);
        return;
      }
    } else this.session = null;
    this.soon();
  }

  private mutate(frame: Frame): void {
    const requestId = frame["requestId"];
    try {
      this.server.world.mutate(String(frame["udfPath"]), (frame["args"] as Frame[])[0] as Record<string, unknown>, this.session);
      this.send({ type: "MutationResponse", requestId, success: true, result: null, ts: this.server.ts(), logLines: [] });
      this.soon();
    } catch (failure) {
      const written = failure instanceof Refused;
      const result = written ? failure.message : "[Request ID: 00000000000000ff] Server Error";
      const data = written ? { errorData: { code: "REFUSED" } } : {};
      this.send({ type: "MutationResponse", requestId, success: false, result, ...data, logLines: [] });
    }
  }

  private transition(): void {
    const modifications: unknown[] = [];
    for (const [queryId, query] of this.queries) {
      const value = this.server.world.query(query.path, this.session);
      const text = JSON.stringify(value);
      if (text === query.last) continue;
      query.last = text;
      if (query.path === "users:me" && this.session === null) this.server.anonymousRows++;
      modifications.push({ type: "QueryUpdated", queryId, value, logLines: [], journal: null });
    }
    const end = { querySet: this.querySet, identity: this.identity, ts: this.server.ts() };
    this.send({ type: "Transition", startVersion: this.sent, endVersion: end, modifications, clientClockSkew: 0 });
    this.sent = end;
  }

  private send(message: unknown): void {
    this.wire.send(JSON.stringify(message));
  }
}
