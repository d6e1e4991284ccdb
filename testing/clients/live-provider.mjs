// ConvexProviderWithAuth through a whole day: loading, signed in, all tokens refused, another person, signed out.
import { ask, finish, query, token, until } from './live-kit.mjs';
import { client, convex, leave, react, sent, show, text } from './live-screen.mjs';

const { createElement } = react;
let generation = 1;
let person = null;
let loading = true;
let redraw;
const forced = [];
const states = [];
const owners = [];

// What an integration with an identity provider has: a fetch function that stays the same for as long as the person does.
const fetchers = new Map();
function fetcher(who) {
  if (!fetchers.has(who)) {
    fetchers.set(who, async ({ forceRefreshToken }) => {
      forced.push(forceRefreshToken);
      return token(who, generation);
    });
  }
  return fetchers.get(who);
}
function useAuth() {
  const [, set] = react.useState(0);
  redraw = () => set((n) => n + 1);
  return { isLoading: loading, isAuthenticated: person !== null, fetchAccessToken: fetcher(person) };
}
function Rows() {
  const rows = convex.useQuery(query('counters:mine'), {});
  const found = rows === undefined ? 'waiting' : rows.map((row) => `${row.owner}=${row.value}`).join(' ');
  if (owners.at(-1) !== `${person}: ${found}`) {
    owners.push(`${person}: ${found}`);
  }
  return createElement('p', null, 'in ', found);
}
function Screen() {
  const { isLoading, isAuthenticated, isRefreshing } = convex.useConvexAuth();
  const state = isLoading ? 'loading' : isRefreshing ? 'refreshing' : isAuthenticated ? 'in' : 'out';
  if (states.at(-1) !== state) {
    states.push(state);
  }
  return createElement(
    react.Fragment,
    null,
    createElement(convex.AuthLoading, null, 'loading'),
    createElement(convex.Unauthenticated, null, 'out'),
    createElement(convex.Authenticated, null, createElement(Rows)),
  );
}
await ask("sql INSERT INTO app.counters VALUES ('a', 'user_ada', 1), ('b', 'user_ben', 2)");
show(Screen, convex.ConvexProviderWithAuth, { useAuth });
await until('loading', () => text() === 'loading');
const beforeSignIn = sent.filter((frame) => frame.includes('counters:mine')).length;
loading = false;
person = 'ada';
redraw();
await until("ada's rows", () => text() === 'in user_ada=1');

const forcedBefore = forced.filter(Boolean).length;
generation = 2;
await ask('revoke 1');
await ask("sql UPDATE app.counters SET value = 5 WHERE name = 'a'");
await until("ada's row after all tokens were refused", () => text() === 'in user_ada=5');
const forcedAfter = forced.filter(Boolean).length;
const throughRevocation = [...states];

person = 'ben';
redraw();
await until("ben's rows", () => text() === 'in user_ben=2');
const added = await client.mutation(query('counters:add'), { name: 'fresh', by: 3 });
await until("ben's new row", () => text() === 'in user_ben=2 user_ben=3');

const signedIn = sent.length;
person = null;
redraw();
await until('signed out', () => text() === 'out' && sent.slice(signedIn).some((frame) => frame.includes('"tokenType":"None"')));
const nobody = client.watchQuery(query('counters:mine'), {});
const stop = nobody.onUpdate(() => {});
await until("nobody's rows", () => nobody.localQueryResult()?.length === 0);
stop();

generation = 0;
person = 'bad';
redraw();
await until('the tokens that are never good', () => states.at(-1) === 'out' && forced.filter(Boolean).length > forcedAfter);
await leave();
finish({ beforeSignIn, forcedBefore, forcedAfter, throughRevocation, owners, added, states });
