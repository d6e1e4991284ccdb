// Signs and checks webhooks with the genuine WorkOS packages. One JSON command per line in, one JSON answer per line out:
//   {"do":"sign","package":"10"|"11","secret","payload","timestamp"}   -> {"header"}
//   {"do":"verify","package":"10"|"11","secret","payload","header"}    -> {"accepted":true|false}
// A payload is the text of the body, which both packages sign as it stands.
import { createInterface } from 'node:readline';
import { WorkOS as WorkOS10 } from '@workos-inc/node';
import { WorkOS as WorkOS11 } from '@workos-inc/node-11';

const packages = {
  10: new WorkOS10('sk_test_webhooks', { clientId: 'client_webhooks' }),
  11: new WorkOS11('sk_test_webhooks', { clientId: 'client_webhooks' }),
};

async function answer({ do: verb, package: version, secret, payload, timestamp, header }) {
  const { webhooks } = packages[version];
  if (verb === 'sign') {
    const hash = await webhooks.computeSignature(timestamp, payload, secret);
    return { header: `t=${timestamp}, v1=${hash}` };
  }
  try {
    await webhooks.verifyHeader({ payload, sigHeader: header, secret, tolerance: 180_000 });
    return { accepted: true };
  } catch (error) {
    return { accepted: false, message: String(error.message) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== '') {
    process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
  }
}
