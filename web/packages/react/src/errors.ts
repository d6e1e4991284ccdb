import { ConvexError } from "convex/values";

/**
 * The sentence that a live function wrote for people, or null when the failure is not of that kind: then only a
 * reference came, and the page has to find words itself.
 */
export function sentenceOf(failure: unknown): string | null {
  if (!(failure instanceof ConvexError)) return null;
  // The client puts the function's name before the sentence and a stack line after it.
  const sentence = /^\[CONVEX [^\]]*\] ([^]*?)(?:\n {2}Called by client)?$/.exec(failure.message)?.[1];
  return sentence === undefined || sentence === "" ? null : sentence;
}
