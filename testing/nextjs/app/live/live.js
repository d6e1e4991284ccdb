'use client';

import {
  ConvexProvider,
  ConvexProviderWithAuth,
  ConvexReactClient,
  useConvexConnectionState,
  usePreloadedQuery,
} from 'convex/react';
import { useCallback, useState } from 'react';

/** The token of the session that both applications share. */
function useSession() {
  const fetchAccessToken = useCallback(async ({ forceRefreshToken }) => {
    const answer = await fetch(forceRefreshToken ? '/token?force' : '/token', { method: 'POST' });
    return (await answer.json()).token;
  }, []);
  return { isLoading: false, isAuthenticated: true, fetchAccessToken };
}

function Bio({ preloaded }) {
  const me = usePreloadedQuery(preloaded);
  const { isWebSocketConnected } = useConvexConnectionState();
  return (
    <p>
      Now it is “<strong data-testid="now">{me?.bio ?? ''}</strong>” (
      <span data-testid="connection">{isWebSocketConnected ? 'live' : 'from the server'}</span>).
    </p>
  );
}

/** Begins with what the server has preloaded, and follows it from then on. */
export function Live({ address, signedIn, preloaded }) {
  const [client] = useState(
    () => new ConvexReactClient(address, { skipConvexDeploymentUrlCheck: true, expectAuth: signedIn }),
  );
  return signedIn ? (
    <ConvexProviderWithAuth client={client} useAuth={useSession}>
      <Bio preloaded={preloaded} />
    </ConvexProviderWithAuth>
  ) : (
    <ConvexProvider client={client}>
      <Bio preloaded={preloaded} />
    </ConvexProvider>
  );
}
