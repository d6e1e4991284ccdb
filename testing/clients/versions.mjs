// Says which genuine packages the tests ran against, as one JSON object.
import { readFileSync } from 'node:fs';

const folder = (name) => new URL(`./node_modules/${name}/package.json`, import.meta.url);
const { dependencies } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const versions = { node: process.version };
for (const name of Object.keys(dependencies)) {
  versions[name] = JSON.parse(readFileSync(folder(name), 'utf8')).version;
}
process.stdout.write(`${JSON.stringify(versions)}\n`);
