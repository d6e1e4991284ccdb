// Runs every check in build/checks over the repository's files and prints all problems at once.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const paths = (tracked() ?? walked("")).filter((path) => existsSync(join(root, path)));

/** What git knows or would add; null where this is no checkout. */
function tracked() {
  try {
    const listing = ["-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    return execFileSync("git", listing, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26, stdio: "pipe" })
      .split("\0")
      .filter((path) => path !== "");
  } catch {
    return null;
  }
}

function walked(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return entry.isFile() ? [path] : [];
    return ["node_modules", "target", "dist", ".git", ".lockstep", "build-output"].includes(entry.name) ? [] : walked(path);
  });
}

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
