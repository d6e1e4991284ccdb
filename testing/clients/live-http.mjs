// The client that follows nothing, and what a Next.js server uses of it.
import { ConvexHttpClient } from 'convex/browser';
import { fetchAction, fetchMutation, fetchQuery, preloadQuery, preloadedQueryResult } from 'convex/nextjs';
import { address, ask, finish, query, token } from './live-kit.mjs';

const client = new ConvexHttpClient(address);
const failing = async (work) => {
  try {
    await work();
    return null;
  } catch (error) {
    return { message: String(error.message), data: error.data };
  }
};

await client.mutation(query('counters:add'), { name: 'a', by: 2 });
const sum = await client.query(query('counters:sum'), {});
const action = await client.action(query('counters:addTwice'), { name: 'a' });
const told = await failing(() => client.query(query('counters:told'), {}));
const unknown = (await failing(() => client.query(query('counters:secret'), {}))).message;
const types = await client.query(query('counters:types'), { big: 7n, bytes: new Uint8Array([1, 2, 3]).buffer, number: 7 });

// One client object stays at one moment, whatever is written meanwhile.
const one = new ConvexHttpClient(address);
const consistent = [await one.consistentQuery(query('counters:sum'), {})];
await one.mutation(query('counters:add'), { name: 'later', by: 1 });
consistent.push(await one.consistentQuery(query('counters:sum'), {}));
const newest = await one.query(query('counters:sum'), {});
const anotherMoment = await new ConvexHttpClient(address).consistentQuery(query('counters:sum'), {});
one.setAuth(token('ada', 1));
const mineThen = await one.consistentQuery(query('counters:mine'), {});
await ask('end held snapshots');
const ended = (await failing(() => one.consistentQuery(query('counters:sum'), {}))).message;

const options = { url: address, skipConvexDeploymentUrlCheck: true };
const preloaded = preloadedQueryResult(await preloadQuery(query('counters:sum'), {}, options));
const ada = { ...options, token: token('ada', 1) };
await fetchMutation(query('counters:add'), { name: 'hers', by: 1 }, ada);
await fetchAction(query('counters:addTwice'), { name: 'hers' }, ada);
const fetched = await fetchQuery(query('counters:mine'), {}, ada);
client.setAuth(token('ada', 1));
// The client sends queued mutations one after another; those that skip the queue go at once.
const add = query('counters:add');
const inOrder = await Promise.all(Array.from({ length: 12 }, () => client.mutation(add, { name: 'queue', by: 1 })));
const atOnce = await Promise.all(
  Array.from({ length: 6 }, () => client.mutation(add, { name: 'queue', by: 1 }, { skipQueue: true })),
);
const mine = await client.query(query('counters:mine'), {});
client.setAuth(token('bad', 1));
const badToken = (await failing(() => client.query(query('counters:mine'), {}))).message;

const post = (body) =>
  fetch(`${address}/api/query`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
const lossy = await (
  await post('{"path":"counters:types","args":{"big":{"$integer":"BwAAAAAAAAA="},"bytes":{"$bytes":"AQID"},"number":1}}')
).json();
const broken = (await post('{"path":')).status;

finish({
  sum,
  action,
  told,
  unknown,
  consistent,
  newest,
  anotherMoment,
  mineThen,
  ended,
  preloaded,
  fetched,
  inOrder,
  atOnce: atOnce.sort((a, b) => a - b),
  mine,
  badToken,
  lossy,
  broken,
  types: { big: `${typeof types.big} ${types.big}`, bytes: String(new Uint8Array(types.bytes)) },
});
