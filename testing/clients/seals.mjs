// Seals and opens cookies with the genuine packages. One JSON object a line comes in, one goes out, in the same order.
import { createInterface } from 'node:readline';
import { sealData, unsealData } from 'iron-session';
import { getPKCECookieNameForState, sessionEncryption } from '@workos/authkit-session';
import { WorkOS as WorkOS10 } from '@workos-inc/node';
import { WorkOS as WorkOS11 } from '@workos-inc/node-11';

const clientId = 'client_interop';

/** The package's own sign-in, with the network answered here: the only public way in which it seals a session. */
async function signIn(WorkOS, { answer, password }) {
  const fetchFn = async () =>
    new Response(JSON.stringify(answer), { status: 200, headers: { 'content-type': 'application/json' } });
  const workos = new WorkOS('sk_test_interop', { clientId, fetchFn });
  const { sealedSession } = await workos.userManagement.authenticateWithCode({
    clientId,
    code: 'code_interop',
    session: { sealSession: true, cookiePassword: password },
  });
  return sealedSession;
}

const open = (WorkOS, { sealed, password }) =>
  new WorkOS('sk_test_interop', { clientId }).userManagement.getSessionFromCookie({
    sessionData: sealed,
    cookiePassword: password,
  });

const operations = {
  'iron-session seal': ({ data, password, ttl = 0 }) => sealData(data, { password, ttl }),
  'iron-session open': ({ sealed, password }) => unsealData(sealed, { password, ttl: 0 }),
  '@workos/authkit-session seal': ({ data, password }) => sessionEncryption.sealData(data, { password, ttl: 0 }),
  '@workos/authkit-session open': ({ sealed, password }) => sessionEncryption.unsealData(sealed, { password }),
  '@workos-inc/node sign-in': (input) => signIn(WorkOS10, input),
  '@workos-inc/node open': (input) => open(WorkOS10, input),
  '@workos-inc/node-11 sign-in': (input) => signIn(WorkOS11, input),
  '@workos-inc/node-11 open': (input) => open(WorkOS11, input),
  'flow cookie name': ({ state }) => getPKCECookieNameForState(state),
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
