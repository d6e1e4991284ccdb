// An Express service that checks the session of every request to /me, in BENCH_PROCESSES processes on one port. Says
// "listening PORT" once all of them do.
import cluster from 'node:cluster';
import express from 'express';
import { service } from './service.mjs';

const processes = Number(process.env.BENCH_PROCESSES ?? '1');

if (cluster.isPrimary && processes > 1) {
  let ready = 0;
  for (let i = 0; i < processes; i++) cluster.fork();
  cluster.on('listening', (_worker, { port }) => {
    ready++;
    if (ready === processes) console.log(`listening ${port}`);
  });
  process.on('SIGTERM', () => cluster.disconnect(() => process.exit(0)));
} else {
  const auth = service();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/me', async (request, response) => {
    const { auth: found } = await auth.withAuth(request);
    if (!found.user) {
      response.status(401).json({ success: false });
      return;
    }
    const { user, sessionId, organizationId, roles, permissions } = found;
    response.set('Cache-Control', 'no-store').json({ success: true, data: { user, sessionId, organizationId, roles, permissions } });
  });
  const server = app.listen(Number(process.env.BENCH_PORT ?? '0'), '127.0.0.1', () => {
    server.keepAliveTimeout = 120_000;
    if (processes === 1) console.log(`listening ${server.address().port}`);
  });
}
