// React hooks in a page without a screen: a value by hand, an optimistic one, and a broken connection in between.
import { JSDOM } from 'jsdom';
import { address, addOptimistically, ask, finish, query, until } from './live-kit.mjs';

const { window } = new JSDOM('<div id="root"></div>', { url: 'http://127.0.0.1/' });
globalThis.window = window;
globalThis.document = window.document;
globalThis.navigator ??= window.navigator;
const { createElement } = await import('react');
const { createRoot } = await import('react-dom/client');
const { ConvexProvider, ConvexReactClient, useMutation, useQuery } = await import('convex/react');
const { default: WebSocket } = await import('ws');

const sum = query('counters:sum');
const client = new ConvexReactClient(address, { webSocketConstructor: WebSocket, unsavedChangesWarning: false });
const texts = [];
let add;
function Counter() {
  const value = useQuery(sum, {});
  add = useMutation(query('counters:add')).withOptimisticUpdate(addOptimistically(sum, {}).optimisticUpdate);
  const text = value === undefined ? 'loading' : String(value);
  if (texts.at(-1) !== text) {
    texts.push(text);
  }
  return createElement('p', null, text);
}
const root = createRoot(window.document.getElementById('root'));
root.render(createElement(ConvexProvider, { client }, createElement(Counter)));
const shown = () => window.document.querySelector('p')?.textContent;
await until('the first value', () => shown() === '0');

await ask("sql INSERT INTO app.counters VALUES ('hand', 'x', 1)");
await until('the row written by hand', () => shown() === '1');
await add({ name: 'a', by: 1 });
await until('the mutation', () => shown() === '2');
await ask('drop');
await add({ name: 'a', by: 1 });
await until('the mutation over the broken connection', () => shown() === '3');
root.unmount();
await client.close();
finish({ texts });
