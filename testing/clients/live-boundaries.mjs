// Rows are put before, on and behind the ends of pages and taken from there, again and again, while more is loaded.
import { ask, finish, query, until } from './live-kit.mjs';
import { convex, leave, react, show } from './live-screen.mjs';

let shown = [];
let status = '';
let more;
let broken = 0;
let lists = 0;
const statuses = new Set();
function Screen() {
  const rows = convex.usePaginatedQuery(query('counters:page'), {}, { initialNumItems: 4 });
  shown = rows.results.map((row) => row.name);
  status = rows.status;
  more = rows.loadMore;
  statuses.add(status);
  lists += 1;
  if (shown.some((name, i) => i > 0 && name <= shown[i - 1]) || (lists > 5 && status === 'LoadingFirstPage')) {
    broken += 1;
  }
  return null;
}
const name = (n) => `c${String(n).padStart(3, '0')}`;
const rows = new Set(Array.from({ length: 40 }, (_, i) => name(i * 10)));
const put = (names) =>
  ask(`sql INSERT INTO app.counters SELECT n, 'x', 1 FROM unnest(string_to_array('${names.join(' ')}', ' ')) n`);
const take = (names) =>
  ask(`sql DELETE FROM app.counters WHERE name = ANY (string_to_array('${names.join(' ')}', ' '))`);
await put([...rows]);
show(Screen);
await until('the first page', () => status === 'CanLoadMore' && shown.length === 4);

/** What is shown must be the rows from the first to the last that is shown, none missing. */
const whole = () => {
  const all = [...rows].sort();
  return status === 'Exhausted'
    ? JSON.stringify(shown) === JSON.stringify(all)
    : shown.length > 0 && JSON.stringify(shown) === JSON.stringify(all.slice(0, shown.length));
};
const settled = (what, condition = () => true) =>
  until(
    () => `${what}; ${status}, shown ${shown}, there ${[...rows].sort()}`,
    () => whole() && condition(),
  );

// The last row of a page, the first of the next, both at once, and a row exactly between two pages.
more(4);
await settled('two pages', () => shown.length === 8);
for (const gone of [[name(30)], [name(40)], [name(20), name(50)]]) {
  gone.forEach((row) => rows.delete(row));
  await take(gone);
  await settled(`without ${gone}`, () => !shown.some((row) => gone.includes(row)));
}
for (const fresh of [[name(35)], [name(30)], [name(31), name(39)], [name(75)]]) {
  fresh.forEach((row) => rows.add(row));
  await put(fresh);
  await settled(`with ${fresh}`);
}
// A page that loses all its rows stays an empty stretch of the list.
const emptied = [...rows].sort().slice(0, 6);
emptied.forEach((row) => rows.delete(row));
await take(emptied);
await settled('without the first page');

let seed = 7;
const random = (most) => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed % most;
};
for (let step = 0; step < 60; step++) {
  const all = [...rows].sort();
  const end = Math.max(0, Math.min(all.length - 1, shown.length - 1 + random(5) - 2));
  if (step % 12 === 11) {
    await ask('drop');
  }
  // While few are shown none are taken: else all that is loaded could be gone, which is right and shows nothing.
  if (step % 3 === 0 && status === 'CanLoadMore' && shown.length < 25) {
    more(2 + random(3));
  } else if (random(2) === 0 && all.length > 12 && shown.length > 6) {
    rows.delete(all[end]);
    await take([all[end]]);
  } else {
    const fresh = name(random(400));
    if (!rows.has(fresh)) {
      rows.add(fresh);
      await put([fresh]);
    }
  }
  if (step % 6 === 5) {
    await settled(`step ${step}`);
  }
}
while (status !== 'Exhausted') {
  if (status === 'CanLoadMore') {
    more(10);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
}
await settled('the end');
const end = [...shown];
await leave();
finish({ broken, end, lists, statuses: [...statuses] });
