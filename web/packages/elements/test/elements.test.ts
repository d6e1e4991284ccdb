import { SessionKeeper } from "@lockstep/client";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { defineLockstepElements } from "../src/index";

const session = {
  user: { id: "u", email: "ada@acme.test", firstName: "Ada", lastName: "Osei", displayName: "<b>Ada</b>", profilePictureUrl: null, emailVerified: true },
  sessionId: "s1",
  organizationId: null,
  roles: ["owner"],
  permissions: [],
  impersonator: null,
  csrfToken: "c",
};

let signedIn = true;
const keeper = new SessionKeeper({
  fetch: (path) => {
    if (!signedIn) return Promise.resolve(new Response("{}", { status: 401 }));
    const data = path === "/api/auth/logout" ? { logoutUrl: "/bye" } : session;
    return Promise.resolve(new Response(JSON.stringify({ success: true, data })));
  },
});

describe("the custom elements", () => {
  beforeAll(() => {
    document.body.innerHTML =
      "<lockstep-auth-status show-role></lockstep-auth-status><lockstep-logout-button>Leave</lockstep-logout-button>";
    defineLockstepElements(keeper);
  });

  it("show who is signed in, as text and never as markup, and sign out", async () => {
    const status = document.querySelector("lockstep-auth-status");
    const logout = document.querySelector<HTMLElement>("lockstep-logout-button");
    await vi.waitFor(() => { expect(status?.textContent).toBe("<b>Ada</b>owner"); });
    expect(logout?.hidden).toBe(false);

    const went: string[] = [];
    document.addEventListener("lockstep-leave", (event) => {
      event.preventDefault();
      went.push((event as CustomEvent<{ url: string }>).detail.url);
    });
    logout?.querySelector("button")?.click();
    await vi.waitFor(() => { expect(logout?.hidden).toBe(true); });
    expect(went).toEqual(["/bye"]);
    expect(status?.querySelector("a")?.getAttribute("href")).toBe("/api/auth/login?returnTo=%2F");

    signedIn = false;
    await keeper.check();
    expect(status?.textContent).toBe("Sign in");
    keeper.close();
  });
});
