import type { Session } from "../src/index";

/** A session with the given id, for tests. */
export function aSession(sessionId: string, csrfToken = `csrf-${sessionId}`): Session {
  return {
    user: {
      id: "user_ada",
      accountId: "0190b2c4-7a11-7000-8000-000000000001",
      email: "ada@acme.test",
      firstName: "Ada",
      lastName: "Osei",
      displayName: "Ada Osei",
      profilePictureUrl: null,
      emailVerified: true,
    },
    sessionId,
    organizationId: "org_acme",
    role: "OWNER",
    roles: ["owner"],
    permissions: [],
    impersonator: null,
    memberships: [{ id: "om_ada", organizationId: "org_acme", status: "active", role: "OWNER", roles: ["owner"], createdAt: null }],
    organizations: [{ id: "org_acme", name: "Acme Robotics", slug: null, domain: null, logoUrl: null }],
    csrfToken,
  };
}
