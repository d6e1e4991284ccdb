import { basename } from "node:path";

export const name = "docs/security/asvs.md names tests that exist, and a test or a reason in every row";

const TABLE = "docs/security/asvs.md";

export function check({ paths, read }) {
  if (!paths.includes(TABLE)) return [`${TABLE} is missing`];
  const problems = [];
  const sources = new Map(
    paths.filter((path) => /src\/test\/java\/.*Test\.java$/.test(path)).map((path) => [basename(path, ".java"), path]),
  );
  for (const line of read(TABLE).split("\n")) {
    const cells = line.split("|").map((cell) => cell.trim());
    if (!/^\d+\.\d+\.[\d*]/.test(cells[1] ?? "")) continue;
    const row = cells[1].split(" ")[0];
    if (cells.length !== 6) problems.push(`${row} has ${cells.length - 2} cells instead of 4`);
    if (!cells[3] && !cells[4]) problems.push(`${row} has neither a test nor a reason`);
    for (const [, test, method] of (cells[4] ?? "").matchAll(/`(\w+Test)(?:#(\w+))?`/g)) {
      const path = sources.get(test);
      if (path === undefined) problems.push(`${row} names a test that does not exist: ${test}`);
      else if (method !== undefined && !new RegExp(`\\b(void ${method}\\s*\\(|ArchRule ${method}\\s*=)`).test(read(path))) {
        problems.push(`${row} names a test that does not exist: ${test}#${method}`);
      }
    }
  }
  return problems;
}
