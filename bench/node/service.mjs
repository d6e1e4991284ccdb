// The check of one cookie with @workos/authkit-session, as a framework's adapter would build it.
import { configure, createAuthService, CookieSessionStorage } from '@workos/authkit-session';

const { BENCH_CLIENT_ID: clientId, BENCH_PASSWORD: cookiePassword, BENCH_WORKOS_URL: workosUrl } = process.env;

/** Reads the cookie of a Node request; writes nothing, because nothing is renewed here. */
class NodeStorage extends CookieSessionStorage {
  async getCookie(request, name) {
    const header = request.headers.cookie;
    if (header === undefined) return null;
    for (const pair of header.split(';')) {
      const at = pair.indexOf('=');
      if (at > 0 && pair.slice(0, at).trim() === name) return decodeURIComponent(pair.slice(at + 1).trim());
    }
    return null;
  }
}

export function service() {
  const url = new URL(workosUrl);
  configure({
    apiKey: 'sk_test_bench',
    clientId,
    cookiePassword,
    redirectUri: 'http://localhost/callback',
    apiHostname: url.hostname,
    apiHttps: url.protocol === 'https:',
    apiPort: Number(url.port),
  });
  return createAuthService({ sessionStorageFactory: (config) => new NodeStorage(config) });
}
