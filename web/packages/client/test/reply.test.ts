import { describe, expect, it } from "vitest";
import { pauseBefore } from "../src/pause";
import { readReply } from "../src/reply";

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });

describe("what the server said", () => {
  it("is data when it says so", async () => {
    expect(await readReply(json(200, { success: true, data: { a: 1 } }))).toEqual({ kind: "ok", data: { a: 1 } });
  });

  it.each([408, 429, 500, 502, 503, 504])("is unavailable, and never signed out, at status %i", async (status) => {
    expect((await readReply(new Response("<html>", { status }))).kind).toBe("unavailable");
  });

  it("is unavailable when a success carries something else than the contract's envelope", async () => {
    expect((await readReply(new Response("<html>", { status: 200 }))).kind).toBe("unavailable");
    expect((await readReply(json(200, { data: {} }))).kind).toBe("unavailable");
  });

  it("is signed out at 401 alone", async () => {
    expect(await readReply(json(401, {}))).toEqual({ kind: "signed-out" });
  });

  it("carries the waiting time in seconds and ignores any other form", async () => {
    expect(await readReply(json(503, {}, { "Retry-After": "7" }))).toEqual({ kind: "unavailable", retryAfterMs: 7000 });
    expect(await readReply(json(503, {}, { "Retry-After": "Sat, 21 Nov 2026 04:00:00 GMT" }))).toEqual({
      kind: "unavailable",
      retryAfterMs: null,
    });
  });

  it("carries code, message and reference of a refusal", async () => {
    const body = { code: "CSRF_FAILED", ref: "r1", error: { code: "CSRF_FAILED", message: "Reload the page." } };
    expect(await readReply(json(403, body))).toEqual({
      kind: "refused",
      status: 403,
      code: "CSRF_FAILED",
      message: "Reload the page.",
      ref: "r1",
    });
    expect(await readReply(new Response("", { status: 404 }))).toMatchObject({ kind: "refused", code: "UNKNOWN", ref: null });
  });
});

describe("the pause before asking again", () => {
  it("doubles up to fifteen seconds and honours what the server asked for, within bounds", () => {
    const middle = () => 0.5;
    expect([0, 1, 2, 9].map((attempt) => pauseBefore(attempt, null, middle))).toEqual([500, 1000, 2000, 15_000]);
    expect(pauseBefore(0, 7000, middle)).toBe(7000);
    expect(pauseBefore(0, 0, middle)).toBe(500);
    expect(pauseBefore(0, 9_999_000, middle)).toBe(60_000);
  });

  it("spreads the tabs of many people over a quarter to either side", () => {
    expect(pauseBefore(3, null, () => 0)).toBe(3000);
    expect(pauseBefore(3, null, () => 1)).toBe(5000);
  });
});
