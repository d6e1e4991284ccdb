import { withAuth } from '@workos-inc/authkit-nextjs';
import { fetchMutation, fetchQuery, preloadQuery, preloadedQueryResult } from 'convex/nextjs';
import { makeFunctionReference } from 'convex/server';
import { Live } from './live.js';

const me = makeFunctionReference('users:me');
const update = makeFunctionReference('profiles:update');

/** Calls of this session's person, or of nobody. */
async function session() {
  const { accessToken } = await withAuth();
  return { url: process.env.LOCKSTEP_ADDRESS, skipConvexDeploymentUrlCheck: true, token: accessToken };
}

async function save(form) {
  'use server';
  await fetchMutation(update, { bio: form.get('bio') }, await session());
}

export default async function Page() {
  const options = await session();
  const preloaded = await preloadQuery(me, {}, options);
  const fetched = await fetchQuery(me, {}, options);
  return (
    <main style={{ fontFamily: 'system-ui', margin: '3rem auto', maxWidth: '40rem' }}>
      <h1 data-testid="who">{preloadedQueryResult(preloaded)?.email ?? 'nobody'}</h1>
      <p>
        When the server made this page the bio was “<span data-testid="then">{fetched?.bio ?? ''}</span>”.
      </p>
      <Live address={options.url} signedIn={options.token !== undefined} preloaded={preloaded} />
      <form action={save}>
        <input name="bio" aria-label="Bio" /> <button type="submit">Save</button>
      </form>
    </main>
  );
}
