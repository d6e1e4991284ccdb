import { testIndex } from "./ledger.mjs";

export const name = "docs/security.md lists every attack, and the tests it names exist";

const PAGE = "docs/security.md";
/** How many attacks each section has. One may not apply, none may be lost. */
const ATTACKS = { L: 22, C: 29, P: 13, H: 28, T: 22, W: 23 };
const WITHOUT_TEST = /^(does not apply: |open: )/;

export function check({ paths, read }) {
  if (!paths.includes(PAGE)) return [`${PAGE} is missing`];
  const problems = [];
  const tests = testIndex(paths, read);
  const seen = new Set();
  for (const line of read(PAGE).split("\n")) {
    const [, id, , answer, shown = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (!/^[LCPHTW]\d\d$/.test(id ?? "")) continue;
    if (seen.has(id)) problems.push(`${id} stands twice`);
    seen.add(id);
    const named = [...shown.matchAll(/`([^`]+)`/g)].map((match) => match[1]);
    if (named.length === 0 && !WITHOUT_TEST.test(answer)) problems.push(`${id} names no test and no reason`);
    problems.push(...named.filter((test) => !tests.has(test)).map((test) => `${id} names a test that does not exist: ${test}`));
  }
  for (const [section, count] of Object.entries(ATTACKS)) {
    for (let number = 1; number <= count; number++) {
      const id = section + String(number).padStart(2, "0");
      if (!seen.has(id)) problems.push(`${id} is gone`);
    }
  }
  return problems;
}
