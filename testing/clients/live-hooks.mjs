// The hooks one by one: a query that waits for its argument, several at once, one that fails, one that a server has
// loaded before, an action, the state of the connection, and the calls of the client itself.
import { preloadQuery } from 'convex/nextjs';
import { address, ask, finish, query, until } from './live-kit.mjs';
import { asked, client, convex, leave, react, show, text } from './live-screen.mjs';

const { createElement } = react;
const get = query('counters:get');
const sum = query('counters:sum');
let act;
let add;
let choose;
let firstPreloaded;
const chosen = [];
const states = [];
let several = {};
const both = { a: { query: get, args: { name: 'a' } }, told: { query: query('counters:told'), args: {} } };
const preloaded = await preloadQuery(sum, {}, { url: address, skipConvexDeploymentUrlCheck: true });

class Fence extends react.Component {
  state = { data: null };
  static getDerivedStateFromError(error) {
    return { data: { kind: error.constructor.name, code: error.data?.code } };
  }
  render() {
    return this.state.data === null ? this.props.children : createElement('b', null, JSON.stringify(this.state.data));
  }
}
function Failing() {
  convex.useQuery(query('counters:told'), {});
  return null;
}
function Screen() {
  const [name, setName] = react.useState(null);
  choose = setName;
  const one = convex.useQuery(get, name === null ? 'skip' : { name });
  chosen.push(one === undefined ? 'nothing yet' : one);
  several = convex.useQueries(both);
  const seen = convex.usePreloadedQuery(preloaded);
  firstPreloaded ??= seen;
  act = convex.useAction(query('counters:addTwice'));
  add = convex.useMutation(query('counters:add'));
  const connection = convex.useConvexConnectionState();
  const state = connection.isWebSocketConnected ? 'open' : 'shut';
  if (states.at(-1) !== state) {
    states.push(state);
  }
  return createElement('p', null, `sum ${seen} `, createElement(Fence, null, createElement(Failing)));
}
show(Screen);
await until('the preloaded value and the error', () => text().includes('sum 7') && text().includes('FORBIDDEN'));
await until('the connection', () => states.at(-1) === 'open');
const whileSkipped = asked('counters:get');
const beforeChoice = [...new Set(chosen)];
choose('b');
await until('the chosen value', () => chosen.at(-1) === 4);
choose('c');
await until('the other argument', () => chosen.at(-1) === null);
choose(null);
await until('no argument', () => chosen.at(-1) === 'nothing yet');

const action = await act({ name: 'a' });
await until('what the action did', () => several.a === 5 && text().includes('sum 9'));
const told = several.told instanceof Error ? several.told.data.code : several.told;
await ask('drop');
await until('the broken connection', () => states.includes('shut') && states.at(-1) === 'open');
const mutation = await add({ name: 'a', by: 1 });
const shownAtPromise = client.watchQuery(sum, {}).localQueryResult();

const direct = {
  query: await client.query(sum, {}),
  mutation: await client.mutation(query('counters:add'), { name: 'a', by: 1 }),
  action: await client.action(query('counters:addTwice'), { name: 'a' }),
};
const watch = client.watchQuery(get, { name: 'a' });
const watched = [];
const stop = watch.onUpdate(() => watched.push(watch.localQueryResult()));
await until('the watched value', () => watch.localQueryResult() === 9);
await ask("sql UPDATE app.counters SET value = 20 WHERE name = 'a'");
await until('the watched change', () => watched.at(-1) === 20);
stop();
const error = text();
await leave();
finish({ whileSkipped, beforeChoice, firstPreloaded, action, mutation, shownAtPromise, told, direct, watched, error });
