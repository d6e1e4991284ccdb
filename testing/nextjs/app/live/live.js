'use client';

import {
  ConvexProvider,
  ConvexProviderWithAuth,
  ConvexReactClient,
  useConvexAuth,
  useConvexConnectionState,
  usePreloadedQuery,
} from 'convex/react';
import { useCallback, useState } from 'react';

const ATTEMPTS = 3;
const PATIENCE = 10_000;

/** The client waits for its token without an end, so whoever fetches it must come to one. */
async function fetchToken(address) {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch(address, { method: 'POST', signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok) {
        return (await answer.json()).token;
      }
      console.error(`${address} answered ${answer.status}`);
    } catch (error) {
      console.error(address, error);
    }
    if (attempt === ATTEMPTS) {
      return null;
    }
  }
}

/** The token of the session that both applications share. */
function useSession() {
  const fetchAccessToken = useCallback(
    ({ forceRefreshToken }) => fetchToken(forceRefreshToken ? '/token?force' : '/token'),
    [],
  );
  return { isLoading: false, isAuthenticated: true, fetchAccessToken };
}

/** Whether the server has accepted the token. */
function Session() {
  const { isAuthenticated } = useConvexAuth();
  return <p data-testid="session">{isAuthenticated ? 'signed in' : 'being looked at'}</p>;
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
      <Session />
    </ConvexProviderWithAuth>
  ) : (
    <ConvexProvider client={client}>
      <Bio preloaded={preloaded} />
    </ConvexProvider>
  );
}
