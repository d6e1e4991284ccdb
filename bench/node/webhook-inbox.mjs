// A careful service: Fastify, the signature checked over the raw bytes, one row into an inbox, and 200 once that row is
// committed. It applies nothing; that is left to a worker which does not run here.
import Fastify from 'fastify';
import { pool, serve, verify } from './webhooks.mjs';

const store = {
  name: 'store',
  text: `INSERT INTO bench_peer.inbox (event_id, event_type, body) VALUES ($1, $2, $3) ON CONFLICT (event_id) DO NOTHING`,
};

serve(async (port) => {
  const app = Fastify({ bodyLimit: 1 << 20, keepAliveTimeout: 120_000 });
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post('/api/webhooks/workos', async (request, reply) => {
    try {
      await verify(request.body, request.headers['workos-signature']);
    } catch {
      return reply.code(401).send();
    }
    const { id, event } = JSON.parse(request.body);
    await pool.query({ ...store, values: [id, event, request.body] });
    return reply.code(200).send();
  });
  await app.listen({ port, host: '127.0.0.1' });
  return app.server.address().port;
});
