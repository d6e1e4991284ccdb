// Seals and opens sessions with WorkOS's library for Next.js. One JSON object a line comes in, one goes out, in the same
// order. The library reads its password when it is loaded, so it is loaded anew for each password; what Next.js itself
// would bring, one request's cookies, stands in for it here. Everything else is the package's own code.
import { registerHooks } from 'node:module';
import { createInterface } from 'node:readline';

const jar = new Map();
globalThis.requestCookies = {
  get: (name) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
  set: (name, value) => jar.set(name, value),
};

const standIns = {
  'server-only': '',
  'next/headers':
    'export const cookies = async () => globalThis.requestCookies; export const headers = async () => new Headers();',
  'next/navigation': 'export const redirect = () => { throw new Error("no redirect was expected") };',
};

registerHooks({
  resolve(specifier, context, next) {
    if (specifier in standIns) {
      const source = standIns[specifier];
      return { url: `data:text/javascript,${encodeURIComponent(source)}`, format: 'module', shortCircuit: true };
    }
    // Next.js's bundler finds these without the ending.
    const found = next(/^next\/\w+$/.test(specifier) ? `${specifier}.js` : specifier, context);
    const loading = /[?]load=\d+$/.exec(context.parentURL ?? '');
    return loading && found.url.includes('/authkit-nextjs/') ? { ...found, url: found.url + loading[0] } : found;
  },
});

const loaded = new Map();

/** The package's session module as a process with this password would have it. */
async function library(password) {
  if (!loaded.has(password)) {
    // A plain object, because a real environment would cut a password off at a NUL.
    process.env = { ...process.env, WORKOS_COOKIE_PASSWORD: password };
    const index = import.meta.resolve('@workos-inc/authkit-nextjs');
    loaded.set(password, await import(`${new URL('session.js', index)}?load=${loaded.size}`));
  }
  return loaded.get(password);
}

const operations = {
  async '@workos-inc/authkit-nextjs seal'({ data, password }) {
    const { saveSession } = await library(password);
    await saveSession(data, 'https://app.example.test/callback');
    return jar.get('wos-session');
  },
  async '@workos-inc/authkit-nextjs open'({ sealed, password }) {
    const { getSessionFromCookie } = await library(password);
    jar.set('wos-session', sealed);
    return getSessionFromCookie();
  },
};

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { operation, ...input } = JSON.parse(line);
  let answer;
  try {
    answer = { result: (await operations[operation](input)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
