export const name = "types are named by what they do";

const EMPTY_WORD = /(Impl|Manager|Helper|Utils?|Service|Data|Info)$/;
const OTHERS_PRODUCT = /convex/i;
const JAVA_TYPE = /^\s*(?:(?:public|protected|private|static|final|abstract|sealed|non-sealed)\s+)*(?:class|interface|record|enum|@interface)\s+(\w+)/gm;
const WEB_TYPE = /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?(?:class|interface)\s+(\w+)/gm;

export function check({ paths, read, isJavaMain, isWebMain }) {
  const problems = [];
  for (const path of paths) {
    const pattern = isJavaMain(path) ? JAVA_TYPE : isWebMain(path) ? WEB_TYPE : null;
    if (pattern !== null) {
      for (const [, type] of read(path).matchAll(pattern)) {
        if (EMPTY_WORD.test(type)) problems.push(`${path}: ${type} says nothing with its last word; name the role or the mechanism`);
        if (OTHERS_PRODUCT.test(type)) problems.push(`${path}: ${type} carries another product's name`);
      }
    }
    if (/(^|\/)pom\.xml$/.test(path)) {
      const artifact = /<\/parent>\s*<artifactId>([^<]+)</.exec(read(path));
      if (artifact !== null && OTHERS_PRODUCT.test(artifact[1])) problems.push(`${path}: ${artifact[1]} carries another product's name`);
    }
    if (isJavaMain(path) && OTHERS_PRODUCT.test(path)) problems.push(`${path}: the path carries another product's name`);
  }
  return problems;
}
