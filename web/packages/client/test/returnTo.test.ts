import { describe, expect, it } from "vitest";
import { localPath, signInHref } from "../src/index";

describe("the path to return to", () => {
  it.each(["/", "/projects", "/projects?a=b#c", "/a/../b"])("takes the plain path %s", (path) => {
    expect(localPath(path)).toMatch(/^\/(?!\/)/);
  });

  it.each([
    null,
    "",
    "projects",
    "//evil.test",
    "///evil.test",
    "/\\evil.test",
    "/a\\b",
    "/\t/evil.test",
    "\n//evil.test",
    "/.//evil.test",
    "/..//evil.test",
    "https://evil.test/",
    "javascript:alert(1)",
  ])("refuses %j", (path) => {
    expect(localPath(path)).toBeNull();
  });

  it("travels along to the sign-in, encoded, and only when it is local", () => {
    expect(signInHref({ returnTo: "/a?b=c", loginHint: "ada@acme.test" })).toBe(
      "/api/auth/login?returnTo=%2Fa%3Fb%3Dc&loginHint=ada%40acme.test",
    );
    expect(signInHref({ returnTo: "//evil.test", register: true })).toBe("/api/auth/register");
  });
});
