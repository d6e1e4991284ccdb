// Runs every check in build/checks over the repository's files and prints all problems at once.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const paths = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 1 << 26,
})
  .split("\0")
  .filter((path) => path !== "" && existsSync(join(root, path)));

const contents = new Map();
/** What a check may ask about the repository. */
const repository = {
  root,
  paths,
  read(path) {
    if (!contents.has(path)) contents.set(path, readFileSync(join(root, path), "utf8"));
    return contents.get(path);
  },
  isText: (path) => !/\.(png|jpe?g|gif|ico|woff2?|jar|p12|pdf|mp4)$/.test(path),
  isJavaMain: (path) => /(^|\/)src\/main\/java\/.*\.java$/.test(path),
  isWebMain: (path) => /^web\/.*\.(ts|tsx|js|jsx)$/.test(path) && !/\.(test|spec)\.|\/(test|tests)\//.test(path),
};

let failed = false;
const folder = join(root, "build", "checks");
for (const file of readdirSync(folder).filter((name) => name.endsWith(".mjs")).sort()) {
  const { name, check } = await import(join(folder, file));
  const problems = check(repository);
  console.log(`  ${problems.length === 0 ? "ok  " : "FAIL"} ${name}`);
  for (const problem of problems) console.log(`         ${problem}`);
  failed ||= problems.length > 0;
}
process.exit(failed ? 1 : 0);
