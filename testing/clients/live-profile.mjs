// A signed-in page against the whole server: watches the own row, edits the bio, and sees it.
import { ConvexClient } from 'convex/browser';
import { address, finish, query, until } from './live-kit.mjs';

const bio = process.argv[3];
const client = new ConvexClient(address);
let me;
client.setAuth(async () => process.env.LIVE_TOKEN);
client.onUpdate(query('users:me'), {}, (value) => { me = value; });
await until('the own row', () => me?.email);
const before = me.bio;
await client.mutation(query('profiles:update'), { bio });
const atPromise = me.bio;
const refused = await client
  .mutation(query('profiles:update'), { bio, role: 'owner' })
  .then(() => 'no error', (error) => error.message);
await client.close();
finish({ email: me.email, organization: me.organization?.name, before, atPromise, refused });
