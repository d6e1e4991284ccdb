export const name = "docs/errors.md lists every error code, and no other";

const PAGE = "docs/errors.md";
const CODE = "([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|UNAUTHORIZED|FORBIDDEN|CONFLICT)";
/** Where a code stands as a string: given to a problem's constructor, returned by code(), or held by a constant. */
const AS_STRING = [
  new RegExp(`new \\w*(?:Problem|Exception|Refusal)\\(\\s*(?:[\\w.]+,\\s*)?"${CODE}"`, "g"),
  new RegExp(`\\bcode\\(\\)\\s*\\{\\s*return\\s+"${CODE}"`, "g"),
  new RegExp(`\\b(?:CODE|\\w+_CODE)\\s*=\\s*"${CODE}"`, "g"),
  new RegExp(`"code",\\s*"${CODE}"`, "g"),
  /\brefused?\(\s*(?:response,\s*)?\d{3},\s*"([A-Z]\w+)"/g,
  new RegExp(`\\bHttpStatus\\.\\w+,\\s*"${CODE}"`, "g"),
];
/** Where a code begins a sentence of the log, or of an exception that only the log shows. Debugging lines are not listed. */
const IN_LOG = new RegExp(`(?:\\b(?:log|LOG)\\.(?:info|warn|error)|FailureException)\\(\\s*"${CODE}[: ]`, "g");
/** Why a sign-in ends on the login page, where the reason is no fault of the flow itself. */
const LOGIN_REASON = /\b(?:toLoginPage|denied)\("([a-z_]+)"/g;
/** The faults of a sign-in stand in addresses, in small letters. */
const FAULT_ENUM = /\benum\s+LoginFault\b[^{]*\{([^;}]*)/g;
const CODE_ENUM = /\benum\s+Code\b[^{]*\{([^;}]*)/g;

export function check({ paths, read, isJavaMain }) {
  if (!paths.includes(PAGE)) return [`${PAGE} is missing`];
  const found = new Map();
  // An example's codes are its own.
  for (const path of paths.filter((file) => isJavaMain(file) && !file.startsWith("examples/"))) {
    const source = read(path).replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
    for (const [, constants] of source.matchAll(CODE_ENUM)) {
      for (const [constant] of constants.replace(/\([^)]*\)/g, "").matchAll(/\b[A-Z][A-Z0-9_]+\b/g)) found.set(constant, path);
    }
    for (const [, constants] of source.matchAll(FAULT_ENUM)) {
      for (const [constant] of constants.matchAll(/\b[A-Z][A-Z0-9_]+\b/g)) found.set(constant.toLowerCase(), path);
    }
    for (const pattern of [...AS_STRING, IN_LOG, LOGIN_REASON]) {
      for (const [, code] of source.matchAll(pattern)) found.set(code, path);
    }
  }
  const listed = new Set([...read(PAGE).matchAll(/^\| `(\w+)`/gm)].map((match) => match[1]));
  const missing = [...found].filter(([code]) => !listed.has(code)).map(([code, path]) => `${code} (${path}) is not in ${PAGE}`);
  const stale = [...listed].filter((code) => !found.has(code)).map((code) => `${code} is listed in ${PAGE}, but no source has it as a code`);
  return missing.concat(stale);
}
