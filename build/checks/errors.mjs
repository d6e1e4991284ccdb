export const name = "docs/errors.md lists every error code, and no other";

const PAGE = "docs/errors.md";
/** Enums whose constants are error codes: named Code, inside or beside the problem that carries them. */
const CODE_ENUM = /\benum\s+(?:Code|\w+Code|\w*ProblemKind)\b[^{]*\{([\s\S]*?)(?:;|\n\s*\}|\n\})/g;
/** A code written as a string: lower-case words with hyphens never count, so shouting words with an underscore or alone in a code position. */
const CODE_CALL = /\b(?:code|CODE)\b[^"\n;]{0,40}"([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*)"/g;

export function check({ paths, read, isJavaMain }) {
  if (!paths.includes(PAGE)) return [`${PAGE} is missing`];
  const found = new Map();
  for (const path of paths.filter(isJavaMain)) {
    const source = read(path).replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
    for (const [, constants] of source.matchAll(CODE_ENUM)) {
      for (const [, code] of constants.matchAll(/(?:^|,)\s*([A-Z][A-Z0-9_]+)(?=\s*(?:,|\(|$))/gm)) found.set(code, path);
    }
    for (const [, code] of source.matchAll(CODE_CALL)) found.set(code, path);
  }
  const listed = new Set([...read(PAGE).matchAll(/^\| `([A-Z][A-Z0-9_]+)`/gm)].map((match) => match[1]));
  const missing = [...found].filter(([code]) => !listed.has(code)).map(([code, path]) => `${code} (${path}) is not in ${PAGE}`);
  const stale = [...listed].filter((code) => !paths.some((path) => isJavaMain(path) && read(path).includes(code)));
  return missing.concat(stale.map((code) => `${code} is listed in ${PAGE}, but no source names it`));
}
