export const name = "main code holds no marks of unfinished work";

const MARK = new RegExp("\\b(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");

export function check({ paths, read, isJavaMain, isWebMain }) {
  const problems = [];
  const main = (path) => isJavaMain(path) || isWebMain(path) || /src\/main\/resources\/.*\.(sql|yml|yaml|properties|html)$/.test(path);
  for (const path of paths.filter(main)) {
    read(path)
      .split("\n")
      .forEach((line, index) => {
        if (MARK.test(line)) problems.push(`${path}:${index + 1}: ${line.trim().slice(0, 120)}`);
      });
  }
  return problems;
}
