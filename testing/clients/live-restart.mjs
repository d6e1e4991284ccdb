// The server goes away with one mutation done and two queued; it comes back, and each has happened once.
import { BaseConvexClient } from 'convex/browser';
import WebSocket from 'ws';
import { address, addOptimistically, ask, finish, query, until } from './live-kit.mjs';

const values = [];
let blinks = 0;
const client = new BaseConvexClient(address, () => {
  const value = client.localQueryResult('counters:sum', {});
  if (value !== undefined) {
    values.push(value);
  } else if (values.length > 0) {
    blinks++;
  }
}, { webSocketConstructor: WebSocket });
client.subscribe('counters:sum', {});
await until('the first value', () => values.length > 0);

const add = () => client.mutation('counters:add', { name: 'a', by: 1 }, addOptimistically(query('counters:sum'), {}));
await add();
await ask('stop');
const queued = [add(), add()];
await until('the optimistic value', () => values.at(-1) === 3);
await ask('start');
await Promise.all(queued);
await until('the last value', () => values.at(-1) === 3);
await client.close();
finish({ values, blinks });
