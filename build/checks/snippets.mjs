// The Java and SQL in the documents are lines of the examples, which are compiled and tested.
export const name = "snippets in the documents are lines of the examples";

const DOCUMENTS = ["README.md", "docs/quickstart.md"];
const FENCE = /^```(java|sql)\n([\s\S]*?)^```$/gm;

export function check(repository) {
  const sources = repository.paths
    .filter((path) => /^examples\/.*\.(java|sql)$/.test(path))
    .map((path) => repository.read(path));
  const problems = [];
  for (const document of DOCUMENTS.filter((path) => repository.paths.includes(path))) {
    for (const [, language, snippet] of repository.read(document).matchAll(FENCE)) {
      if (!sources.some((source) => source.includes(snippet))) {
        problems.push(`${document}: this ${language} stands in no file of examples/: ${snippet.trim().split("\n")[0]}`);
      }
    }
  }
  return problems;
}
