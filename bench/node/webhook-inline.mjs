// An everyday service: Express, the body parsed and given to the package as WorkOS's documentation shows it, the row of
// the user written in the request, then 200. It stands for Express with Prisma, whose engine is left out here: the same
// statement by the driver alone costs less.
import express from 'express';
import { construct, pool, serve } from './webhooks.mjs';

const upsert = {
  name: 'upsert',
  text: `INSERT INTO bench_peer.users (id, email, first_name, last_name, email_verified, picture, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name,
      last_name = excluded.last_name, email_verified = excluded.email_verified, picture = excluded.picture,
      updated_at = excluded.updated_at`,
};

serve(async (port) => {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json({ limit: '1mb' }));
  app.post('/api/webhooks/workos', async (request, response) => {
    let event;
    try {
      event = await construct(request.body, request.headers['workos-signature']);
    } catch {
      response.status(401).end();
      return;
    }
    const { id, email, firstName, lastName, emailVerified, profilePictureUrl, createdAt, updatedAt } = event.data;
    const values = [id, email, firstName, lastName, emailVerified, profilePictureUrl, createdAt, updatedAt];
    await pool.query({ ...upsert, values });
    response.status(200).json({ received: true });
  });
  return new Promise((listening) => {
    const server = app.listen(port, '127.0.0.1', () => {
      server.keepAliveTimeout = 120_000;
      listening(server.address().port);
    });
  });
});
