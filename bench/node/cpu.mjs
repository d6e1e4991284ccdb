// The CPU time of one session check with WorkOS's Node packages. Prints one JSON object a package: microseconds of CPU
// of the whole process for each check, and checks a second one after the other.
import { WorkOS } from '@workos-inc/node';
import { service } from './service.mjs';

const { BENCH_CLIENT_ID: clientId, BENCH_PASSWORD: cookiePassword, BENCH_WORKOS_URL: workosUrl, BENCH_COOKIE: sealed } = process.env;
const seconds = Number(process.env.BENCH_SECONDS ?? '5');

const request = { headers: { cookie: `wos-session=${sealed}` } };
const auth = service();
const url = new URL(workosUrl);
const workos = new WorkOS('sk_test_bench', { clientId, apiHostname: url.hostname, https: url.protocol === 'https:', port: Number(url.port) });

const checks = {
  '@workos/authkit-session withAuth': async () => (await auth.withAuth(request)).auth.user !== null,
  '@workos-inc/node authenticate': async () =>
    (await workos.userManagement.loadSealedSession({ sessionData: sealed, cookiePassword }).authenticate()).authenticated,
};

for (const [name, check] of Object.entries(checks)) {
  if (!(await check())) throw new Error(`${name} does not take the cookie`);
  await repeat(check, seconds / 2);
  const cpuBefore = process.cpuUsage();
  const { count, elapsed } = await repeat(check, seconds);
  const { user, system } = process.cpuUsage(cpuBefore);
  console.log(JSON.stringify({ name, count, cpuMicros: (user + system) / count, perSecond: count / elapsed }));
}

async function repeat(check, time) {
  const began = performance.now();
  const end = began + time * 1000;
  let count = 0;
  while (performance.now() < end) {
    for (let i = 0; i < 50; i++) await check();
    count += 50;
  }
  return { count, elapsed: (performance.now() - began) / 1000 };
}
