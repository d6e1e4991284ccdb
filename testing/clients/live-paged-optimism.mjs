// usePaginatedQuery with every helper for optimistic updates: a row shows at once where it will be, once, and stays there.
import { ask, finish, query, until } from './live-kit.mjs';
import { client, convex, leave, react, show } from './live-screen.mjs';

const page = query('counters:page');
const statuses = [];
const lists = [];
let more;
let shown = [];
let position;
let top;
let bottom;
let renamed;
function Screen() {
  const rows = convex.usePaginatedQuery(page, {}, { initialNumItems: 3 });
  shown = rows.results.map((row) => row.name);
  more = rows.loadMore;
  if (statuses.at(-1) !== rows.status) {
    statuses.push(rows.status);
  }
  if (JSON.stringify(lists.at(-1)) !== JSON.stringify(shown)) {
    lists.push(shown);
  }
  const add = convex.useMutation(query('counters:add'));
  const item = ({ name }) => ({ name });
  position = add.withOptimisticUpdate((localQueryStore, args) =>
    convex.insertAtPosition({
      paginatedQuery: page,
      sortOrder: 'asc',
      sortKeyFromItem: (row) => row.name,
      localQueryStore,
      item: item(args),
    }),
  );
  top = add.withOptimisticUpdate((localQueryStore, args) =>
    convex.insertAtTop({ paginatedQuery: page, localQueryStore, item: item(args) }),
  );
  bottom = add.withOptimisticUpdate((localQueryStore, args) =>
    convex.insertAtBottomIfLoaded({ paginatedQuery: page, localQueryStore, item: item(args) }),
  );
  renamed = convex.useMutation(query('counters:nothing')).withOptimisticUpdate((localQueryStore) =>
    convex.optimisticallyUpdateValueInPaginatedQuery(localQueryStore, page, {}, (row) =>
      row.name === 'c03' ? { name: 'c03!' } : row,
    ),
  );
  return null;
}
await ask(`sql INSERT INTO app.counters SELECT 'c0' || n, 'x', 1 FROM generate_series(1, 8) n`);
show(Screen);
await until('the first page', () => statuses.at(-1) === 'CanLoadMore');
more(3);
await until('the second page', () => shown.length === 6);
more(3);
await until('the end', () => statuses.at(-1) === 'Exhausted');
const walk = [...statuses];

// The first answer is the optimistic one: it is there before the mutation is.
async function at(call, args, name) {
  const promise = call(args);
  await until(`${name} at once`, () => shown.includes(name));
  const early = [...shown];
  await promise;
  return { early, kept: [...shown] };
}
await ask('hold');
const held = {};
for (const [what, call, name] of [
  ['between', () => position, 'c02x'],
  ['first', () => top, 'c00'],
  ['last', () => bottom, 'd00'],
]) {
  const step = at(call(), { name, by: 1 }, name);
  await until(`${name} at once`, () => shown.includes(name));
  await ask('release');
  held[what] = await step;
  await ask('hold');
}
await ask('release');
const changed = renamed({});
await until('the changed row', () => shown.includes('c03!'));
await changed;
await until('the row as it is', () => shown.includes('c03'));
const end = [...shown];
await leave();
finish({ walk, held, lists, end, statuses });
