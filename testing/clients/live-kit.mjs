// What the live-*.mjs programs share: talking to the Java test, waiting, and making tokens.
import { createInterface } from 'node:readline';
import { makeFunctionReference } from 'convex/server';

export const address = process.argv[2];
export const query = (name) => makeFunctionReference(name);

const lines = createInterface({ input: process.stdin });
const waiting = [];
lines.on('line', () => waiting.shift()?.());

/** Asks the test to do something to the server, and waits until it is done. */
export function ask(what) {
  return new Promise((resolve) => {
    waiting.push(resolve);
    process.stdout.write(`ask ${what}\n`);
  });
}

/** Tells the test what was seen, and ends. */
export function finish(seen) {
  process.stdout.write(`seen ${JSON.stringify(seen)}\n`, () => process.exit(0));
}

/** Waits until a condition holds; fails the program after a while and says what it waited for, a text or what gives one. */
export async function until(what, condition, patience = 20_000) {
  const end = Date.now() + patience;
  while (!condition()) {
    if (Date.now() > end) {
      console.error(`never came: ${typeof what === 'function' ? what() : what}`);
      process.exit(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A token with the claims that the client reads; nobody has signed it. */
export function token(sub, generation) {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ sub, iat, exp: iat + 300, generation, jti: String(Math.random()) })}.x`;
}

/** Adds to a counter, and shows the new value before the server has said so. */
export function addOptimistically(watched, watchedArgs) {
  return {
    optimisticUpdate: (store, { by }) => {
      const shown = store.getQuery(watched, watchedArgs);
      if (shown !== undefined) {
        store.setQuery(watched, watchedArgs, shown + by);
      }
    },
  };
}
