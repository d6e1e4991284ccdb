export const name = "no file names one machine's folders or carries a private key";

// Put together from pieces, so that this file passes its own check.
const FORBIDDEN = [
  new RegExp("(^|[\"'\\s(=:`])/" + "(root|work|Users)/"),
  new RegExp("/home/" + "[a-z][a-z0-9_-]*/"),
  new RegExp("\\.\\./" + "shared/"),
  new RegExp("-----BEGIN [A-Z ]*PRIVATE " + "KEY-----"),
  new RegExp("sk_" + "live_[A-Za-z0-9]{8}"),
];

export function check({ paths, read, isText }) {
  const problems = [];
  for (const path of paths.filter(isText).filter((each) => !each.endsWith("package-lock.json"))) {
    read(path)
      .split("\n")
      .forEach((line, index) => {
        if (FORBIDDEN.some((pattern) => pattern.test(line))) problems.push(`${path}:${index + 1}: ${line.trim().slice(0, 120)}`);
      });
  }
  return problems;
}
