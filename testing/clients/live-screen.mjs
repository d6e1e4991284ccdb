// A page without a screen: React and the hooks of the client in jsdom, over a socket that counts what it asks for.
import { JSDOM } from 'jsdom';
import { address } from './live-kit.mjs';

const { window } = new JSDOM('<div id="root"></div>', { url: 'http://127.0.0.1/' });
globalThis.window = window;
globalThis.document = window.document;
globalThis.navigator ??= window.navigator;
export const react = await import('react');
export const convex = await import('convex/react');
const { createRoot } = await import('react-dom/client');
const { default: WebSocket } = await import('ws');

/** The text of every frame that has been sent. */
export const sent = [];
class Listened extends WebSocket {
  send(data, ...rest) {
    sent.push(String(data));
    return super.send(data, ...rest);
  }
}

export const client = new convex.ConvexReactClient(address, { webSocketConstructor: Listened, unsavedChangesWarning: false });
const root = createRoot(window.document.getElementById('root'));

/** Shows this component with this provider around it. */
export function show(component, provider = convex.ConvexProvider, props = {}) {
  root.render(react.createElement(provider, { client, ...props }, react.createElement(component)));
}

export const text = () => window.document.getElementById('root').textContent;

export async function leave() {
  root.unmount();
  await client.close();
}

/** How often a query was asked for. */
export const asked = (path) =>
  sent
    .map((frame) => JSON.parse(frame))
    .filter((message) => message.type === 'ModifyQuerySet')
    .flatMap((message) => message.modifications)
    .filter((change) => change.type === 'Add' && change.udfPath === path).length;
