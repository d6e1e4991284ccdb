// usePaginatedQuery over rows that come and go: pages grow, shrink, split, and keep their ends over a broken connection.
import { JSDOM } from 'jsdom';
import { address, ask, finish, query, until } from './live-kit.mjs';

const { window } = new JSDOM('<div id="root"></div>', { url: 'http://127.0.0.1/' });
globalThis.window = window;
globalThis.document = window.document;
globalThis.navigator ??= window.navigator;
const { createElement } = await import('react');
const { createRoot } = await import('react-dom/client');
const { ConvexProvider, ConvexReactClient, usePaginatedQuery } = await import('convex/react');
const { default: WebSocket } = await import('ws');

let queries = 0;
class Counting extends WebSocket {
  send(data, ...rest) {
    queries += (String(data).match(/"type":"Add"/g) ?? []).length;
    return super.send(data, ...rest);
  }
}

const names = (from, to) => Array.from({ length: to - from }, (_, i) => `c${String(from + i).padStart(2, '0')}`);
const insert = (list) => ask(`sql INSERT INTO app.counters SELECT n, 'x', 1 FROM unnest(string_to_array('${list.join(' ')}', ' ')) n`);
await insert(names(0, 10));

const client = new ConvexReactClient(address, { webSocketConstructor: Counting, unsavedChangesWarning: false });
let shown = [];
let status = '';
let more;
let gaps = 0;
function Rows() {
  const page = usePaginatedQuery(query('counters:page'), {}, { initialNumItems: 3 });
  if (status !== '' && status !== 'LoadingFirstPage' && page.status === 'LoadingFirstPage') {
    gaps += 1;
  }
  shown = page.results.map((row) => row.name);
  status = page.status;
  more = page.loadMore;
  return createElement('p', null, shown.join(' '));
}
const root = createRoot(window.document.getElementById('root'));
root.render(createElement(ConvexProvider, { client }, createElement(Rows)));
const first = await when('the first page', () => status === 'CanLoadMore' && shown.length === 3);
more(3);
const two = await when('two pages', () => shown.length === 6);
await insert(['c00b']);
const grown = await when('the row between', () => shown.includes('c00b'));
await ask('drop');
await ask("sql DELETE FROM app.counters WHERE name = 'c02'");
const shrunk = await when('the row that went', () => !shown.includes('c02'));
more(100);
await when('the end', () => status === 'Exhausted');
await insert(['z0']);
const end = await when('the row behind the end', () => shown.includes('z0'));
await insert(Array.from({ length: 12 }, (_, i) => `c01x${String(i).padStart(2, '0')}`));
const split = await when('the pages that were cut', () => shown.length === 23 && status === 'Exhausted');
root.unmount();
await client.close();
finish({ first, two, grown, shrunk, end, split, queries, gaps });

async function when(what, condition) {
  await until(what, condition);
  return [...shown];
}
