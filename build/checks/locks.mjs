export const name = "lock files hold checksums and no download addresses";

export function check({ paths, read }) {
  const problems = [];
  for (const path of paths.filter((each) => each.endsWith("package-lock.json"))) {
    for (const [key, entry] of Object.entries(JSON.parse(read(path)).packages ?? {})) {
      if (typeof entry.resolved === "string" && /^[a-z+]+:\/\//.test(entry.resolved)) {
        problems.push(`${path}: ${key} names the address it came from; set omit-lockfile-registry-resolved=true in .npmrc`);
      }
      if (key.includes("node_modules/") && !entry.link && !entry.inBundle && entry.integrity === undefined) {
        problems.push(`${path}: ${key} has no checksum`);
      }
    }
  }
  return problems;
}
