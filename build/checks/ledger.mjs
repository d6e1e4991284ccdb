import { basename } from "node:path";

export const name = "docs/ledger.md lists every asked-for item, and the tests it names exist";

const LEDGER = "docs/ledger.md";
/** How many items each of the five lists has. An item may be decided, never lost. */
const ITEMS = { S000: 18, S001: 79, S002: 24, S003: 39, S004: 52 };
const CONFLICTS = 26;
const WITHOUT_TEST = ["open", "document only", "dropped"];

export function check({ paths, read }) {
  if (!paths.includes(LEDGER)) return [`${LEDGER} is missing`];
  const problems = [];
  const tests = testIndex(paths, read);
  const seen = new Set();
  for (const line of read(LEDGER).split("\n")) {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const id = cells[1] ?? "";
    if (/^C\d+$/.test(id)) seen.add(id);
    if (!/^S\d{3}-\d{2}$/.test(id)) continue;
    if (seen.has(id)) problems.push(`${id} stands twice`);
    seen.add(id);
    if (cells.length !== 6) problems.push(`${id} has ${cells.length - 2} cells instead of 4`);
    else problems.push(...stateProblems(id, cells[3], cells[4], tests));
  }
  for (const id of expectedIds()) if (!seen.has(id)) problems.push(`${id} is gone`);
  return problems;
}

function expectedIds() {
  const ids = Object.entries(ITEMS).flatMap(([list, count]) =>
    Array.from({ length: count }, (_, index) => `${list}-${String(index + 1).padStart(2, "0")}`),
  );
  return ids.concat(Array.from({ length: CONFLICTS }, (_, index) => `C${index + 1}`));
}

function stateProblems(id, verdict, state, tests) {
  if (WITHOUT_TEST.some((word) => state === word || state.startsWith(`${word}:`))) {
    const decided = state !== "open" && !state.startsWith("open:");
    return decided && verdict !== "D" ? [`${id} is "${state}", but only items of verdict D may go without a test`] : [];
  }
  const named = [...state.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
  if (named.length === 0) return [`${id} has the state "${state}"; write open, document only, dropped, or the test in backticks`];
  return named.filter((test) => !tests.has(test)).map((test) => `${id} names a test that does not exist: ${test}`);
}

/** Every test as the ledger writes it: Class#method, or file.test.ts: its title. */
export function testIndex(paths, read) {
  const tests = new Set();
  for (const path of paths) {
    if (/src\/test\/java\/.*\.java$/.test(path)) {
      for (const method of javaTestMethods(read(path))) tests.add(`${basename(path, ".java")}#${method}`);
    } else if (/\.(test|spec)\.(ts|tsx|mjs|js)$/.test(path)) {
      for (const [, , title] of read(path).matchAll(/\b(?:it|test)(?:\.\w+)?(?:\([^()]*\))?\(\s*(["'`])((?:\\.|(?!\1).)*)\1/g)) {
        tests.add(`${basename(path)}: ${title.replace(/\\(.)/g, "$1")}`);
      }
    }
  }
  return tests;
}

function javaTestMethods(source) {
  const method = /@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate)\b[\s\S]*?\b(?:void|Stream<\w+>|List<\w+>)\s+(\w+)\s*\(/g;
  const rule = /@ArchTest\b[\s\S]*?\bArchRule\s+(\w+)\s*=/g;
  return [...source.matchAll(method), ...source.matchAll(rule)].map((match) => match[1]);
}
