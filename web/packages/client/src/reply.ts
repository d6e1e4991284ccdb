/** What the server said, already sorted by what a page can do about it. "Unavailable" is never "signed out". */
export type Reply<T> =
  | { readonly kind: "ok"; readonly data: T }
  | { readonly kind: "signed-out" }
  | { readonly kind: "unavailable"; readonly retryAfterMs: number | null }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: string;
      readonly message: string;
      readonly ref: string | null;
    };

/** Statuses that say nothing about the caller, only about this moment. */
const PASSING = new Set([408, 425, 429]);

export async function readReply<T>(response: Response): Promise<Reply<T>> {
  if (response.ok) {
    const body = await jsonOf(response);
    return isRecord(body) && body["success"] === true
      ? { kind: "ok", data: body["data"] as T }
      : { kind: "unavailable", retryAfterMs: null };
  }
  if (response.status === 401) return { kind: "signed-out" };
  if (response.status >= 500 || PASSING.has(response.status)) {
    return { kind: "unavailable", retryAfterMs: retryAfterOf(response) };
  }
  return refusalOf(response.status, await jsonOf(response));
}

function refusalOf(status: number, body: unknown): Reply<never> {
  const problem = isRecord(body) ? body : {};
  const error = isRecord(problem["error"]) ? problem["error"] : {};
  return {
    kind: "refused",
    status,
    code: textOf(problem["code"]) ?? textOf(error["code"]) ?? "UNKNOWN",
    message: textOf(error["message"]) ?? textOf(problem["detail"]) ?? "The server refused this request.",
    ref: textOf(problem["ref"]),
  };
}

/** Only the delta-seconds form is read; a date would trust this machine's clock. */
function retryAfterOf(response: Response): number | null {
  const header = response.headers.get("Retry-After");
  if (header === null || !/^\d{1,5}$/.test(header.trim())) return null;
  return Number(header) * 1000;
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
