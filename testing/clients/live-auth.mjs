// Signs in, has all its tokens refused by the server and gets a new one, signs out; a second client only has bad tokens.
import { ConvexClient } from 'convex/browser';
import { address, ask, finish, query, token, until } from './live-kit.mjs';

await ask("sql INSERT INTO app.counters VALUES ('a', 'user_ada', 1)");
const client = new ConvexClient(address);
let rows;
let forced = false;
let generation = 1;
client.onUpdate(query('counters:mine'), {}, (value) => { rows = value; });
client.setAuth(async ({ forceRefreshToken }) => {
  forced ||= forceRefreshToken;
  return token('ada', generation);
});
await until('own rows', () => rows?.length === 1);
const signedIn = rows.length;

generation = 2;
await ask('revoke 1');
await ask("sql INSERT INTO app.counters VALUES ('b', 'user_ada', 1)");
await until('rows after the revocation', () => rows.length === 2);
const afterRevocation = rows.length;

client.client.clearAuth();
await until('no rows', () => rows.length === 0);
const signedOut = rows.length;
await client.close();

const badToken = [];
const other = new ConvexClient(address);
other.onUpdate(query('counters:mine'), {}, () => {});
other.setAuth(async () => token('bad', generation), (isAuthenticated) => badToken.push(isAuthenticated));
await until('the client gives up', () => badToken.length > 0);
await other.close();
finish({ signedIn, afterRevocation, forced, signedOut, badToken });
