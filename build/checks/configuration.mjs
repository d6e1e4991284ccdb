export const name = "docs/configuration.md and .env.example name every setting";

const PAGE = "docs/configuration.md";
const EXAMPLE = ".env.example";
const PROPERTIES = /\/LockstepProperties\.java$/;
const ENVIRONMENT = /\/KnownEnvironment\.java$/;

export function check({ paths, read }) {
  if (!paths.includes(PAGE)) return [`${PAGE} is missing`];
  if (!paths.includes(EXAMPLE)) return [`${EXAMPLE} is missing`];
  const problems = [];
  const page = read(PAGE);
  for (const path of paths.filter((each) => PROPERTIES.test(each))) {
    for (const key of keys(read(path))) {
      if (!page.includes(`\`${key}\``)) problems.push(`${key} is not in ${PAGE}`);
    }
  }
  for (const path of paths.filter((each) => ENVIRONMENT.test(each))) {
    for (const [, variable] of read(path).matchAll(/"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"/g)) {
      if (!page.includes(`\`${variable}\``)) problems.push(`${variable} is not in ${PAGE}`);
      if (!new RegExp(`\\b${variable}\\b`).test(read(EXAMPLE))) problems.push(`${variable} is not in ${EXAMPLE}`);
    }
  }
  return problems;
}

const kebab = (word) => word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The keys of the settings record: nested records are groups, everything else is a setting. */
function keys(source) {
  const records = new Map();
  const plain = source.replace(/\/\*[\s\S]*?\*\//g, "");
  for (const [, type, components] of plain.matchAll(/\brecord\s+(\w+)\(([\s\S]*?)\)\s*\{/g)) {
    const parts = components.replace(/@\w+(?:\("[^"]*"\))?/g, "").split(/,(?![^<]*>)/);
    records.set(type, parts.map((part) => part.trim().split(/\s+/)).filter((words) => words.length === 2));
  }
  const walk = (type, prefix) =>
    (records.get(type) ?? []).flatMap(([of, component]) => {
      const key = `${prefix}.${kebab(component)}`;
      return records.has(of) ? walk(of, key) : [key];
    });
  return walk("LockstepProperties", "lockstep");
}
