import { useMutation, usePaginatedQuery, useQuery } from "convex/react";
import { ConvexError } from "convex/values";
import { useState } from "react";
import { api, type Project } from "./api";

/** The projects of the organization, as they are at this moment. */
export function Projects() {
  const projects: Project[] | undefined = useQuery(api.projects.list, {});
  const create = useMutation(api.projects.create);
  const [problem, setProblem] = useState<string | null>(null);

  async function add(name: string) {
    try {
      const id: string = await create({ name });
      setProblem(null);
      return id;
    } catch (error) {
      setProblem(sentence(error));
      return null;
    }
  }
  return (
    <section>
      <button onClick={() => void add("Apollo")}>New project</button>
      {problem !== null && <p role="alert">{problem}</p>}
      <ul>{projects?.map((project) => <li key={project.id}>{project.name}</li>)}</ul>
    </section>
  );
}

/** The same in the order of their names, a page at a time; a new name is shown before the server has it. */
export function ProjectsByName() {
  const { results, status, loadMore } = usePaginatedQuery(api.projects.byName, {}, { initialNumItems: 20 });
  const rename = useMutation(api.projects.rename).withOptimisticUpdate((store, { id, name }) => {
    const list = store.getQuery(api.projects.list, {});
    if (list) {
      store.setQuery(api.projects.list, {}, list.map((project) => (project.id === id ? { ...project, name } : project)));
    }
  });
  return (
    <section>
      {results.map((project) => (
        <button key={project.id} onClick={() => void rename({ id: project.id, name: `${project.name}!` })}>
          {project.name}
        </button>
      ))}
      {status === "CanLoadMore" && <button onClick={() => loadMore(20)}>More</button>}
    </section>
  );
}

/** What the functions say to people comes with data for the page; anything else is a failure of the server. */
function sentence(error: unknown): string {
  if (error instanceof ConvexError && (error.data as { code?: string }).code === "NAME_TAKEN") {
    return "Choose another name.";
  }
  return "That did not work. Try again.";
}

/** A wrong use must not compile, or the types are worth nothing. */
export function useWrongly() {
  const create = useMutation(api.projects.create);
  // @ts-expect-error the name is missing
  void create({});
  // @ts-expect-error a number is no name
  void create({ name: 1 });
  // @ts-expect-error a mutation is no query
  useQuery(api.projects.create, { name: "Apollo" });
}
