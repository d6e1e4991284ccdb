import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export const name = "links between documents lead somewhere";

export function check({ root, paths, read }) {
  const problems = [];
  for (const path of paths.filter((each) => each.endsWith(".md"))) {
    const text = read(path).replace(/```[\s\S]*?```/g, "");
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:|^#/.test(target)) continue;
      const file = normalize(join(dirname(path), target.split("#")[0]));
      if (!existsSync(join(root, file))) problems.push(`${path}: ${target} is not there`);
    }
  }
  return problems;
}
