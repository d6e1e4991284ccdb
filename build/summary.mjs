// Adds up the test reports of a run and prints the closing lines. Arguments: repository folder, 0 or 1 for "a step failed".
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [root, stepFailed] = process.argv.slice(2);

function reports(folder, depth) {
  if (depth === 0 || !existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || [".git", "node_modules", "src", "build-output"].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.name !== "surefire-reports") return reports(path, depth - 1);
    return readdirSync(path).filter((name) => /^TEST-.*\.xml$/.test(name)).map((name) => join(path, name));
  });
}

function count(file, element) {
  const tag = new RegExp(`<${element}\\b[^>]*>`).exec(readFileSync(file, "utf8"))?.[0] ?? "";
  const number = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(tag)?.[1] ?? 0);
  return { tests: number("tests"), failures: number("failures"), errors: number("errors"), skipped: number("skipped") };
}

const attribute = (attributes, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";

/** Every skipped test, so that nobody takes silence for a pass. */
function skippedNames() {
  return reports(root, 4).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/<testcase\b([^>]*[^/])>\s*<skipped\b(?:[^>]*?message="([^"]*)")?/g)].map(
      ([, attributes, reason]) =>
        `${attribute(attributes, "classname")} ${attribute(attributes, "name")}${reason ? ` (${reason})` : ""}`,
    ),
  );
}

/** Every failed test with what it said first. */
function failedNames() {
  return reports(root, 4).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/<testcase\b([^>]*[^/])>\s*<(?:failure|error)\b([^>]*)>/g)].map(
      ([, attributes, problem]) =>
        `${attribute(attributes, "classname")} ${attribute(attributes, "name")}: ${attribute(problem, "type")} ${attribute(problem, "message").slice(0, 300)}`,
    ),
  );
}

/** Every test that failed once and passed when it was run again: counted as passed, never kept quiet. */
function secondAttempts() {
  return reports(root, 4).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/<testcase\b([^>]*[^/])>\s*<flaky(?:Failure|Error)\b(?:[^>]*?type="([^"]*)")?/g)].map(
      ([, attributes, type]) =>
        `${attribute(attributes, "classname")} ${attribute(attributes, "name")}${type ? ` (first: ${type})` : ""}`,
    ),
  );
}

function add(all) {
  const sum = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const one of all) for (const key of Object.keys(sum)) sum[key] += one[key];
  return sum;
}

const java = add(reports(root, 4).map((file) => count(file, "testsuite")));
const webReport = join(root, "build-output", "web-tests.xml");
const web = existsSync(webReport) ? webCount(readFileSync(webReport, "utf8")) : add([]);
const total = add([java, web]);
const bad = total.failures + total.errors;

function webCount(xml) {
  const cases = (pattern) => (xml.match(pattern) ?? []).length;
  return { tests: cases(/<testcase\b/g), failures: cases(/<failure\b/g), errors: cases(/<error\b/g), skipped: cases(/<skipped\b/g) };
}

for (const name of failedNames()) console.log(`Failed: ${name}`);
for (const name of secondAttempts()) console.log(`Passed only when run again: ${name}`);
for (const name of skippedNames()) console.log(`Skipped: ${name}`);
console.log(`Java: ${java.tests} tests. Web: ${web.tests} tests.`);
console.log(`${total.tests - bad - total.skipped} passed, ${bad} failed, ${total.skipped} skipped`);
console.log(`Tests run: ${total.tests}, Failures: ${total.failures}, Errors: ${total.errors}, Skipped: ${total.skipped}`);
if (stepFailed !== "0" && bad === 0) console.log("A step other than the tests failed; see above.");
if (total.tests === 0) console.log("No test ran at all.");
process.exit(stepFailed !== "0" || bad > 0 || total.tests === 0 ? 1 : 0);
