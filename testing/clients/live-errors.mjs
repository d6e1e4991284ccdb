// Errors of the application, hidden errors, unknown names and wrong arguments; afterwards the client still works.
import { ConvexClient } from 'convex/browser';
import { ConvexError } from 'convex/values';
import { address, finish, query, until } from './live-kit.mjs';

const client = new ConvexClient(address);
const kind = (e) => ({
  kind: e instanceof ConvexError ? 'ConvexError' : 'Error',
  message: e.message,
  data: e instanceof ConvexError ? e.data : undefined,
});
const failure = (promise) => promise.then(() => 'no error', kind);

let told;
client.onUpdate(query('counters:told'), {}, () => {}, (e) => { told = kind(e); });
await until('the error of the query', () => told !== undefined);
const broken = await failure(client.mutation(query('counters:broken'), {}));
const unknown = await failure(client.mutation(query('no:such'), {}));
const wrong = await failure(client.mutation(query('counters:add'), { name: 'a' }));
const after = await client.mutation(query('counters:add'), { name: 'a', by: 1 });
await client.close();
finish({ told, broken, unknown, arguments: wrong, after });
