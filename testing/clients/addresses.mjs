// Reads addresses the way browsers do. One JSON object {"input"} a line comes in, one {"result"|"error"} goes out.
import { createInterface } from 'node:readline';

const origin = 'https://app.example.test';

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { input } = JSON.parse(line);
  let answer;
  try {
    const { protocol, host, pathname, search, hash } = new URL(input, origin);
    answer = { result: { protocol, host, path: `/${pathname.replace(/^\/+/, '')}${search}${hash}` } };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
