import { PERSONAS, type World } from "./world";

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly sessionId: string | null;
  readonly csrf: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

const ok = (data: unknown): Answer => ({ status: 200, body: { success: true, data } });

function problem(status: number, code: string, headers: Record<string, string> = {}): Answer {
  const message = "The stand-in says no.";
  return { status, headers, body: { status, code, ref: "ref-standin", success: false, error: { code, message } } };
}

/** The HTTP half of the stand-in. Returns null for paths that are not its own. */
export function answer(world: World, asked: Asked): Answer | null {
  const { pathname } = asked.url;
  if (pathname === "/api/auth/config") return ok({ demo: world.demo, providers: world.providers, personas: personas(world), signInPath: "/api/auth/login" });
  if (!pathname.startsWith("/api/")) return null;
  if (world.outage) return problem(503, "UPSTREAM_UNAVAILABLE", { "Retry-After": "1" });
  const session = world.active(asked.sessionId);
  if (session === null) return problem(401, "UNAUTHORIZED");
  const row = world.people.get(session.userId)?.row;
  if (row === undefined) return problem(401, "UNAUTHORIZED");

  if (asked.method === "GET" && pathname === "/api/auth/me") {
    const { workosUserId: id, accountId, email, firstName, lastName, displayName, profilePictureUrl, emailVerified } = row;
    return ok({
      user: { id, accountId, email, firstName, lastName, displayName, profilePictureUrl, emailVerified },
      sessionId: session.id,
      organizationId: row.organization?.id ?? null,
      role: (row.membership?.roles[0] ?? "none").toUpperCase(),
      roles: row.membership?.roles ?? [],
      permissions: [],
      impersonator: world.impersonator,
      memberships: row.membership === null ? [] : [{ ...row.membership, organizationId: row.organization?.id, role: null, createdAt: null }],
      organizations: row.organization === null ? [] : [{ ...row.organization, slug: null, domain: null, logoUrl: null }],
      csrfToken: session.csrf,
    });
  }
  if (asked.method === "GET" && pathname === "/api/auth/recent-auth") {
    const isStale = world.provedSecondsAgo > Number(asked.url.searchParams.get("maxAge"));
    return ok({ authenticatedAt: session.createdAt, isStale, signInUrl: "/api/auth/login?maxAge=300" });
  }
  if (asked.method !== "POST") return problem(404, "NOT_FOUND");
  if (asked.csrf !== session.csrf) return problem(403, "CSRF_FAILED");
  if (pathname === "/api/auth/token") return ok({ accessToken: accessToken(world, session.id, session.userId), expiresAt: null });
  if (pathname === "/api/auth/logout") {
    world.revoke(session.id);
    return ok({ logoutUrl: "/signed-out" });
  }
  if (pathname === "/api/v1/sessions/revoke-others") {
    const others = [...world.sessions.values()].filter((one) => one.userId === session.userId && one.id !== session.id);
    others.forEach((one) => { world.revoke(one.id); });
    return ok({ revoked: others.length });
  }
  const revoked = /^\/api\/v1\/sessions\/([^/]+)\/revoke$/.exec(pathname)?.[1];
  if (revoked !== undefined) {
    if (world.sessions.get(revoked)?.userId !== session.userId) return problem(404, "NOT_FOUND");
    world.revoke(revoked);
    return ok({});
  }
  if (pathname === "/api/demo/rename") {
    world.rename(session.userId, String(asked.body["firstName"]), String(asked.body["lastName"]));
    return ok({});
  }
  if (pathname === "/api/demo/drop-next-webhook") {
    world.loseNextWebhook();
    return ok({});
  }
  return problem(404, "NOT_FOUND");
}

function personas(world: World) {
  if (!world.demo) return [];
  return PERSONAS.map((one) => ({
    email: one.email,
    name: `${one.first} ${one.last}`,
    role: one.role,
    organization: one.organization.name,
    loginHint: one.email,
  }));
}

function accessToken(world: World, sid: string, sub: string): string {
  if (!world.repeatsToken || world.lastToken === null) world.lastToken = token(sid, sub);
  return world.lastToken;
}

let issued = 0;

/** Shaped like a token so that the client can read when it ends; signed by nobody. */
function token(sid: string, sub: string): string {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ sub, sid, iat, exp: iat + 300, jti: ++issued, plan: "büro" })}.x`;
}
