// Again and again the server commits a mutation and the connection breaks before the client hears of it.
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
for (let round = 0; round < 5; round++) {
  await ask('lose');
  await Promise.all([add(), add()]);
}
await until('the last value', () => values.at(-1) === 10);
await client.close();
finish({ values, blinks });
