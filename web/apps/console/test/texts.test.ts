import { describe, expect, it } from "vitest";
import { shownRef, signInError } from "../src/lib/signInErrors";
import { ago, deviceName, initials } from "../src/lib/words";

describe("sign-in errors", () => {
  const KNOWN = `access_denied provider_error pkce_cookie_missing pkce_cookie_repeated state_mismatch state_invalid
    state_expired state_replayed code_refused parameter_repeated missing_auth_params issuer_mismatch token_refused
    user_mismatch account_disabled session_not_stored expired_code deactivated org_required sso_required rate_limited
    unavailable`.split(/\s+/);

  it.each(KNOWN)("%s has a text of its own and one action", (code) => {
    const error = signInError(code);
    expect(error?.sentence).not.toBe(signInError("something else")?.sentence);
    expect(error?.action.label).not.toBe("");
  });

  it.each(["<script>", "constructor", "__proto__", "toString", ""])("%j gets the general text", (code) => {
    expect(signInError(code)?.sentence).toBe("The sign-in did not work.");
  });

  it("is nothing without a code", () => {
    expect(signInError(null)).toBeNull();
  });

  it("shows a reference only when it looks like one", () => {
    expect(shownRef("ref_8f3a-1")).toBe("ref_8f3a-1");
    for (const bad of ["<b>", "a b", "abc", "x".repeat(65), "call +1 555", null]) expect(shownRef(bad)).toBeNull();
  });
});

describe("words", () => {
  it("names a device well enough to recognise it", () => {
    expect(deviceName("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36")).toBe("Chrome on Linux");
    expect(deviceName("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0")).toBe("Edge on Windows");
    expect(deviceName("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")).toBe("Safari on iOS");
    expect(deviceName("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0")).toBe("Firefox on macOS");
    expect(deviceName("curl/8")).toBe("A browser");
    expect(deviceName(null)).toBe("Unknown device");
  });

  it("tells how long ago something was", () => {
    const now = Date.parse("2026-11-21T12:00:00Z");
    expect(ago("2026-11-21T11:59:40Z", now)).toBe("just now");
    expect(ago("2026-11-21T11:57:00Z", now)).toBe("3 minutes ago");
    expect(ago("2026-11-20T11:00:00Z", now)).toBe("yesterday");
    expect(ago("nonsense", now)).toBe("");
  });

  it("takes initials from the first and the last name, of any script", () => {
    expect(["Ada Osei", "Plato", "  ", "Mary Jane van Dyke", "𝒜da 李"].map(initials)).toEqual(["AO", "P", "?", "MD", "𝒜李"]);
  });
});
