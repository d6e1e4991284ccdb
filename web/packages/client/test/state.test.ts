import { describe, expect, it } from "vitest";
import { LOADING, next, sessionKey, type SessionState } from "../src/state";
import { aSession } from "./session";

const signedIn: SessionState = { kind: "signed-in", session: aSession("s1"), unavailable: false };

describe("the session of a page", () => {
  it("goes from unknown to signed out without a reason when nobody was there", () => {
    expect(next(LOADING, { kind: "nobody" })).toEqual({ kind: "signed-out", reason: null });
  });

  it("names another device when a session that was there is refused", () => {
    expect(next(signedIn, { kind: "nobody" })).toEqual({ kind: "signed-out", reason: "other-device" });
  });

  it("keeps the session through an outage and marks it", () => {
    const during = next(signedIn, { kind: "unavailable" });
    expect(during).toEqual({ ...signedIn, unavailable: true });
    expect(next(during, { kind: "confirmed", session: aSession("s1") })).toEqual(signedIn);
  });

  it("keeps the reason of the first end", () => {
    const ended = next(signedIn, { kind: "ended", reason: "this-tab" });
    expect(next(ended, { kind: "nobody" })).toBe(ended);
    expect(next(ended, { kind: "ended", reason: "other-device" })).toBe(ended);
  });

  it("does not turn an end that is heard of before anything is known into a reason", () => {
    expect(next(LOADING, { kind: "ended", reason: "other-tab" })).toBe(LOADING);
  });

  it("is the same object when the same session is confirmed again, so that nothing redraws", () => {
    expect(next(signedIn, { kind: "confirmed", session: aSession("s1") })).toBe(signedIn);
  });

  it("has a key that changes with the session and the organization, and with nothing else", () => {
    const key = sessionKey(signedIn);
    const with_ = (change: object): SessionState => ({ ...signedIn, session: { ...aSession("s1"), ...change } });
    expect(sessionKey(with_({ csrfToken: "other", roles: [] }))).toBe(key);
    expect(sessionKey(with_({ sessionId: "s2" }))).not.toBe(key);
    expect(sessionKey(with_({ organizationId: null }))).not.toBe(key);
    expect(sessionKey(LOADING)).toBeNull();
  });
});
