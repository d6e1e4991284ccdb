// Sixty increments in bursts, each shown at once: the value may only rise, and a kept promise is already visible.
import { ConvexClient } from 'convex/browser';
import { address, addOptimistically, finish, query, until } from './live-kit.mjs';

const sum = query('counters:sum');
const add = query('counters:add');
const client = new ConvexClient(address);
const values = [];
client.onUpdate(sum, {}, (value) => values.push(value));
await until('the first value', () => values.length > 0);

const promised = [];
const readBack = [];
const one = async () => {
  const result = await client.mutation(add, { name: 'a', by: 1 }, addOptimistically(sum, {}));
  promised.push(result);
  readBack.push(values.at(-1) >= result);
};
for (let burst = 0; burst < 6; burst++) {
  await Promise.all(Array.from({ length: 10 }, one));
}
await until('the last value', () => values.at(-1) === 60);
await client.close();
finish({ values, promised, readBack });
