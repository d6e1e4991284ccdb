// The genuine WorkOS Node library judges the double: every webhook it sent, and the answer of every endpoint.
// In, as one line of JSON: {"package":"10"|"11","base","key","client","secret","ids":{},"webhooks":[{"body","signature"}]}
// Out, as one line of JSON: {"types":[], "refused":[], "answers":{name: count}, "holes":["name.path"]}
// A hole is a field that the library expects and that the answer did not have.
import { createInterface } from 'node:readline';
import { WorkOS as WorkOS10 } from '@workos-inc/node';
import { WorkOS as WorkOS11 } from '@workos-inc/node-11';

const setup = JSON.parse((await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next()).value);
const base = new URL(setup.base);
const workos = new { 10: WorkOS10, 11: WorkOS11 }[setup.package](setup.key, {
  clientId: setup.client,
  apiHostname: base.hostname,
  port: Number(base.port),
  https: false,
});
const { ids } = setup;
const answers = {};
const holes = new Set();
const refused = [];

// Optional by the library's own types, or gone from production.
const optional = new Set(['metadata', 'context', 'impersonator', 'domain', 'environmentId', 'token', 'acceptInvitationUrl', 'source',
  'isDefault', 'lookupKey', 'allowProfilesOutsideOrganization', 'organizationName', 'agentRegistrationId', 'user', 'value', 'organizationId',
  'externalKey', 'domains', 'email', 'raw', 'error']);

function look(name, value) {
  if (Array.isArray(value)) {
    value.forEach((each) => look(name, each));
  } else if (value !== null && typeof value === 'object') {
    for (const [field, inner] of Object.entries(value)) {
      if (inner === undefined && !optional.has(field)) {
        holes.add(`${name}.${field}`);
      } else {
        look(`${name}.${field}`, inner);
      }
    }
  }
}

async function ask(name, question) {
  try {
    const answer = await question();
    const data = answer?.data ?? answer;
    answers[name] = Array.isArray(data) ? data.length : 1;
    (Array.isArray(data) ? data : [data]).forEach((each) => look(name, { ...each }));
  } catch (error) {
    refused.push(`${name}: ${error.message}`);
  }
}

const types = new Set();
for (const { body, signature } of setup.webhooks) {
  try {
    const event = await workos.webhooks.constructEvent({ payload: JSON.parse(body), sigHeader: signature, secret: setup.secret });
    types.add(event.event);
    look(event.event, event);
  } catch (error) {
    refused.push(`${JSON.parse(body).event}: ${error.message}`);
  }
}

const { userManagement: users, organizations, directorySync, sso, authorization, featureFlags, events } = workos;
const organizationId = ids.organization;
await ask('listUsers', () => users.listUsers());
await ask('getUser', () => users.getUser(ids.user));
await ask('listSessions', () => users.listSessions(ids.user));
await ask('listOrganizationMemberships', () => users.listOrganizationMemberships({ organizationId, statuses: ['active', 'pending'] }));
await ask('getOrganizationMembership', () => users.getOrganizationMembership(ids.membership));
await ask('listInvitations', () => users.listInvitations({ organizationId }));
await ask('getInvitation', () => users.getInvitation(ids.invitation));
await ask('resendInvitation', () => users.resendInvitation(ids.invitation));
await ask('listOrganizations', () => organizations.listOrganizations({ domains: ['acme.test'] }));
await ask('getOrganization', () => organizations.getOrganization(organizationId));
await ask('getOrganizationDomain', () => (workos.organizationDomains.getOrganizationDomain ?? workos.organizationDomains.get).call(workos.organizationDomains, ids.domain));
await ask('listDirectories', () => directorySync.listDirectories({ organizationId }));
await ask('getDirectory', () => directorySync.getDirectory(ids.directory));
await ask('listDirectoryUsers', () => directorySync.listUsers({ directory: ids.directory }));
await ask('listDirectoryUsersOfGroup', () => directorySync.listUsers({ group: ids.directoryGroup }));
await ask('getDirectoryUser', () => directorySync.getUser(ids.directoryUser));
await ask('listDirectoryGroups', () => directorySync.listGroups({ directory: ids.directory }));
await ask('listDirectoryGroupsOfUser', () => directorySync.listGroups({ user: ids.directoryUser }));
await ask('getDirectoryGroup', () => directorySync.getGroup(ids.directoryGroup));
await ask('listConnections', () => sso.listConnections({ organizationId }));
await ask('getConnection', () => sso.getConnection(ids.connection));
await ask('listEnvironmentRoles', () => authorization.listEnvironmentRoles());
await ask('getEnvironmentRole', () => authorization.getEnvironmentRole('editor'));
await ask('listOrganizationRoles', () => authorization.listOrganizationRoles(organizationId));
await ask('getOrganizationRole', () => authorization.getOrganizationRole(organizationId, 'org-pilot'));
await ask('createOrganizationRole', () => authorization.createOrganizationRole(organizationId, { slug: 'org-cook', name: 'Cook' }));
await ask('addOrganizationRolePermission', () => authorization.addOrganizationRolePermission(organizationId, 'org-cook', { permissionSlug: 'rockets:fly' }));
await ask('listPermissions', () => authorization.listPermissions());
await ask('getPermission', () => authorization.getPermission('rockets:fly'));
await ask('listFeatureFlags', () => featureFlags.listFeatureFlags());
await ask('getFeatureFlag', () => featureFlags.getFeatureFlag('new-ui'));
await ask('listOrganizationFeatureFlags', () => featureFlags.listOrganizationFeatureFlags({ organizationId }));
await ask('listUserFeatureFlags', () => featureFlags.listUserFeatureFlags({ userId: ids.user }));
if (workos.groups) {
  await ask('listGroups', () => workos.groups.listGroups({ organizationId }));
  await ask('getGroup', () => workos.groups.getGroup({ organizationId, groupId: ids.group }));
  await ask('listGroupMembers', () => workos.groups.listOrganizationMemberships({ organizationId, groupId: ids.group }));
}
const keys = workos.apiKeys.listOrganizationApiKeys ? workos.apiKeys : organizations;
await ask('createOrganizationApiKey', () => keys.createOrganizationApiKey({ organizationId, name: 'By Node' }));
await ask('listOrganizationApiKeys', () => keys.listOrganizationApiKeys({ organizationId }));
if (workos.webhooks.createWebhookEndpoint) {
  await ask('createWebhookEndpoint', () => workos.webhooks.createWebhookEndpoint({ endpointUrl: 'http://127.0.0.1:9/never', events: ['user.created'] }));
  await ask('listWebhookEndpoints', () => workos.webhooks.listWebhookEndpoints());
}
await ask('listEvents', () => events.listEvents({ events: [...types], limit: 100, order: 'asc' }));

process.stdout.write(`${JSON.stringify({ types: [...types].sort(), refused, answers, holes: [...holes].sort() })}\n`);
