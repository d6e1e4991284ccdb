// What both webhook services of this folder share: WorkOS's own check of a signature, a pool of connections, and the
// start of BENCH_PROCESSES processes on one port. Where the database is, the variables PGHOST and so on say.
import cluster from 'node:cluster';
import { WorkOS } from '@workos-inc/node';
import pg from 'pg';

const processes = Number(process.env.BENCH_PROCESSES ?? '1');
const secret = process.env.BENCH_WEBHOOK_SECRET;
const { webhooks } = new WorkOS('sk_test_bench', { clientId: 'client_bench' });

export const pool = new pg.Pool({ max: Math.ceil(Number(process.env.BENCH_CONNECTIONS ?? '16') / processes) });

/** Checks the bytes as they came; throws when they are not WorkOS's. */
export const verify = (payload, sigHeader) => webhooks.verifyHeader({ payload, sigHeader, secret });

/** Checks a body that was parsed before, as WorkOS's documentation shows it, and returns the event. */
export const construct = (payload, sigHeader) => webhooks.constructEvent({ payload, sigHeader, secret });

/** Lets every process listen, and says "listening PORT" once all of them do. */
export function serve(listen) {
  if (!cluster.isPrimary || processes === 1) {
    listen(0).then((port) => cluster.isPrimary && console.log(`listening ${port}`));
    return;
  }
  let ready = 0;
  for (let i = 0; i < processes; i++) cluster.fork();
  cluster.on('listening', (_worker, { port }) => {
    ready++;
    if (ready === processes) console.log(`listening ${port}`);
  });
  process.on('SIGTERM', () => cluster.disconnect(() => process.exit(0)));
}
