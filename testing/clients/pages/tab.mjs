// A page for a real browser: the signed-in person's own row, and a diary of everything that was ever on screen.
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { ConvexProviderWithAuth, ConvexReactClient, useMutation, useQuery } from 'convex/react';
import { makeFunctionReference } from 'convex/server';

const me = makeFunctionReference('users:me');
const client = new ConvexReactClient(document.body.dataset.live, { unsavedChangesWarning: false });
const tab = { diary: [], tokens: 0, kept: 0, failed: [], state: () => client.connectionState() };
window.tab = tab;

async function fetchAccessToken() {
  const { data } = await (await fetch('/api/auth/me')).json();
  const answer = await fetch('/api/auth/token', { method: 'POST', headers: { 'X-CSRF-Token': data.csrfToken } });
  const { data: got } = await answer.json();
  tab.tokens += 1;
  return got.accessToken;
}
const auth = { isLoading: false, isAuthenticated: true, fetchAccessToken };

function Tab() {
  const row = useQuery(me, {});
  const update = useMutation(makeFunctionReference('profiles:update')).withOptimisticUpdate((store, { bio }) => {
    const shown = store.getQuery(me, {});
    if (shown) {
      store.setQuery(me, {}, { ...shown, bio });
    }
  });
  tab.save = (bio) => {
    update({ bio }).then(
      () => (tab.kept += 1),
      (error) => tab.failed.push(String(error)),
    );
  };
  const text = row?.email ? `bio: ${row.bio}` : 'waiting';
  if (tab.diary.at(-1)?.text !== text) {
    tab.diary.push({ text, at: Date.now() });
  }
  return createElement('p', { id: 'bio' }, text);
}
createRoot(document.getElementById('root')).render(
  createElement(ConvexProviderWithAuth, { client, useAuth: () => auth }, createElement(Tab)),
);
