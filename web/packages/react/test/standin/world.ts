import type { MemberRow, MirroredUser, NotificationRow, SessionRow, SyncedBy } from "../../src/api";

/** An error that a function wrote for people; it travels with data. */
export class Refused extends Error {}

export interface Person {
  readonly row: MirroredUser;
  /** False until the row "has been mirrored". */
  readonly mirrored: boolean;
}

export interface StandInSession extends SessionRow {
  readonly userId: string;
  readonly csrf: string;
}

const ACME = { id: "org_acme", name: "Acme Robotics" };
const GLOBEX = { id: "org_globex", name: "Globex Health" };
export const PERSONAS = [
  { email: "ada@acme.test", first: "Ada", last: "Osei", role: "owner", organization: ACME },
  { email: "ben@acme.test", first: "Ben", last: "Ito", role: "admin", organization: ACME },
  { email: "cleo@globex.test", first: "Cleo", last: "Marsh", role: "member", organization: GLOBEX },
  { email: "dev@globex.test", first: "Dev", last: "Patel", role: "viewer", organization: GLOBEX },
] as const;

const START = Date.parse("2026-11-21T09:00:00Z");

/** What the stand-in for the server knows. It has the contract's shapes and none of the server's guarantees. */
export class World {
  readonly people = new Map<string, Person>();
  readonly sessions = new Map<string, StandInSession>();
  notifications: readonly NotificationRow[] = [];
  /** While true, everything that would have to be verified answers 503. */
  outage = false;
  demo = true;
  /** Ways to sign in besides the password, as the page names them. */
  providers: string[] = [];
  /** While true, every wish for a token gets the last one again, as within the seconds after a renewal. */
  repeatsToken = false;
  lastToken: string | null = null;
  impersonator: { reason: string | null } | null = null;
  provedSecondsAgo = 0;
  /** Called after every change. */
  changed: () => void = () => undefined;
  ended: (sessionId: string) => void = () => undefined;
  private webhookLost = false;
  private count = 0;

  constructor(private readonly now: () => number = () => START) {
    for (const persona of PERSONAS) this.people.set(`user_${persona.first.toLowerCase()}`, { row: rowOf(persona, this.iso()), mirrored: true });
  }

  signIn(email: string, userAgent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"): StandInSession {
    const person = [...this.people.values()].find((one) => one.row.email === email);
    if (person === undefined) throw new Error("The stand-in knows no such person.");
    const id = `session_${String(++this.count)}`;
    const session: StandInSession = {
      id,
      current: false,
      authMethod: "password",
      ipAddress: "127.0.0.1",
      userAgent,
      status: "active",
      createdAt: this.iso(),
      lastSeenAt: null,
      expiresAt: null,
      userId: person.row.workosUserId,
      csrf: `csrf-${id}`,
    };
    this.sessions.set(id, session);
    this.changed();
    return session;
  }

  active(id: string | null): StandInSession | null {
    const session = id === null ? undefined : this.sessions.get(id);
    return session?.status === "active" ? session : null;
  }

  revoke(id: string): void {
    const session = this.sessions.get(id);
    if (session === undefined) return;
    this.sessions.set(id, { ...session, status: "revoked" });
    this.ended(id);
    this.changed();
  }

  edit(userId: string, change: Partial<MirroredUser>): void {
    const person = this.people.get(userId);
    if (person === undefined) return;
    const row = { ...person.row, ...change, updatedAt: this.iso() };
    this.people.set(userId, { ...person, row });
    this.changed();
  }

  mirror(userId: string, mirrored: boolean): void {
    const person = this.people.get(userId);
    if (person !== undefined) this.people.set(userId, { ...person, mirrored });
    this.changed();
  }

  loseNextWebhook(): void {
    this.webhookLost = true;
  }

  /** A change at WorkOS, on its way to the row: at once by webhook, or later by the tail. */
  rename(userId: string, firstName: string, lastName: string): void {
    const syncedBy: SyncedBy = this.webhookLost ? "tail" : "webhook";
    this.webhookLost = false;
    setTimeout(
      () => {
        this.edit(userId, { firstName, lastName, displayName: `${firstName} ${lastName}`, syncedBy });
      },
      syncedBy === "tail" ? 1500 : 40,
    );
  }

  query(path: string, session: StandInSession | null): unknown {
    if (session === null) return path === "users:me" ? null : [];
    const me = this.people.get(session.userId);
    switch (path) {
      case "users:me":
        return me?.mirrored === true ? me.row : null;
      case "sessions:mine":
        return [...this.sessions.values()]
          .filter((one) => one.userId === session.userId && one.status === "active")
          .map(({ userId: _userId, csrf: _csrf, ...row }) => ({ ...row, current: row.id === session.id }));
      case "organizations:members":
        return [...this.people.values()]
          .filter((one) => one.row.organization?.id === me?.row.organization?.id)
          .map(({ row }): MemberRow => ({
            membershipId: row.membership?.id ?? "",
            userId: row.workosUserId,
            displayName: row.displayName,
            email: row.email,
            roles: row.membership?.roles ?? [],
            status: "active",
          }));
      case "notifications:mine":
        return this.notifications;
      default:
        throw new Error(`The stand-in has no query ${path}.`);
    }
  }

  mutate(path: string, args: Readonly<Record<string, unknown>>, session: StandInSession | null): void {
    if (session === null) throw new Error("Not signed in.");
    if (path === "profiles:update") {
      if (args["bio"] === "refuse") throw new Refused("This bio will not do.");
      this.edit(session.userId, args);
    } else if (path === "notifications:markRead") {
      this.notifications = this.notifications.map((one) => (one.id === args["id"] ? { ...one, read: true } : one));
      this.changed();
    } else throw new Error(`The stand-in has no mutation ${path}.`);
  }

  private iso(): string {
    return new Date(this.now()).toISOString();
  }
}

function rowOf(persona: (typeof PERSONAS)[number], updatedAt: string): MirroredUser {
  const name = persona.first.toLowerCase();
  return {
    workosUserId: `user_${name}`,
    accountId: `0190b2c4-7a11-7000-8000-${name.padEnd(12, "0").replace(/[^0-9a-f]/g, "c")}`,
    email: persona.email,
    firstName: persona.first,
    lastName: persona.last,
    displayName: `${persona.first} ${persona.last}`,
    profilePictureUrl: null,
    emailVerified: true,
    bio: null,
    timezone: "Europe/London",
    usertag: name,
    updatedAt,
    syncedBy: "login",
    organization: { ...persona.organization },
    membership: { id: `om_${name}`, status: "active", roles: [persona.role] },
  };
}
