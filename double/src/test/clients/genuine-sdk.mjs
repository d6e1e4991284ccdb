// Drives the double with the genuine @workos-inc/node and prints one JSON object of what it saw.
import { createRequire } from "node:module";

const setup = JSON.parse(process.argv[2]);
const require = createRequire(setup.packages + "/");
const { WorkOS } = require(setup.package);

const base = new URL(setup.baseUrl);
const workos = new WorkOS(setup.apiKey, {
  clientId: setup.clientId,
  apiHostname: base.hostname,
  port: Number(base.port),
  https: false,
});
const users = workos.userManagement;
const clientId = setup.clientId;

const address = users.getAuthorizationUrl({
  provider: "authkit",
  clientId,
  redirectUri: "http://localhost:3000/callback",
  state: "from-the-sdk",
});
const page = await (await fetch(address)).text();
const back = await fetch(address, {
  method: "POST",
  redirect: "manual",
  body: new URLSearchParams({ action: "sign-in", email: "ada@acme.test" }),
});
const code = new URL(back.headers.get("location")).searchParams.get("code");
const signedIn = await users.authenticateWithCode({ clientId, code });
const refreshed = await users.authenticateWithRefreshToken({ clientId, refreshToken: signedIn.refreshToken });

const made = await users.createUser({ email: "sdk@example.test", firstName: "Sdk", metadata: { made: "here" } });
const updated = await users.updateUser({ userId: made.id, lastName: "User" });
const organization = await workos.organizations.createOrganization({ name: "From the SDK" });
const membership = await users.createOrganizationMembership({
  userId: made.id,
  organizationId: organization.id,
  roleSlug: "admin",
});
const members = await users.listOrganizationMemberships({ organizationId: organization.id });
const everybody = [];
for (let after; after !== null; ) {
  const page = await users.listUsers({ limit: 2, order: "asc", after });
  everybody.push(...page.data);
  after = page.listMetadata.after ?? null;
}
const sessions = await users.listSessions(signedIn.user.id);
const events = await workos.events.listEvents({ events: ["user.created", "organization.created"], limit: 100 });
const sid = JSON.parse(Buffer.from(refreshed.accessToken.split(".")[1], "base64url").toString()).sid;
await users.revokeSession({ sessionId: sid });
const afterRevoke = await users
  .authenticateWithRefreshToken({ clientId, refreshToken: refreshed.refreshToken })
  .then(() => "accepted", (error) => error.error ?? error.code ?? error.message);
const missing = await users.getUser("user_none").catch((error) => error.status);
const webhook = await workos.webhooks.constructEvent({
  payload: JSON.parse(setup.webhook.body),
  sigHeader: setup.webhook.signature,
  secret: setup.webhook.secret,
});

console.log(
  JSON.stringify({
    pageShown: page.includes("Ada Osei"),
    user: signedIn.user.email,
    organizationId: signedIn.organizationId,
    rotated: refreshed.refreshToken !== signedIn.refreshToken,
    updated: updated.lastName,
    metadata: made.metadata.made,
    role: membership.role.slug,
    members: members.data.length,
    everybody: everybody.map((user) => user.email),
    sessions: sessions.data.map((session) => session.authMethod),
    events: events.data.map((event) => event.event),
    afterRevoke,
    missing,
    webhook: webhook.event,
  }),
);
