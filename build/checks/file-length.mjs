export const name = "no source file is longer than 400 lines";

const LIMIT = 400;

export function check({ paths, read }) {
  return paths
    .filter((path) => /\.(java|ts|tsx|css|sql|mjs|js)$/.test(path))
    .filter((path) => !/(^|\/)(generated|_generated)\//.test(path))
    .map((path) => [path, read(path).split("\n").length - 1])
    .filter(([, lines]) => lines > LIMIT)
    .map(([path, lines]) => `${path} has ${lines} lines; split it by what it does`);
}
