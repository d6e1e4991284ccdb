import type { Session } from "../src/index";

/** A session with the given id, for tests. */
export function aSession(sessionId: string, csrfToken = `csrf-${sessionId}`): Session {
  return {
    user: {
      id: "user_ada",
      email: "ada@acme.test",
      firstName: "Ada",
      lastName: "Osei",
      displayName: "Ada Osei",
      profilePictureUrl: null,
      emailVerified: true,
    },
    sessionId,
    organizationId: "org_acme",
    roles: ["owner"],
    permissions: [],
    impersonator: null,
    csrfToken,
  };
}
