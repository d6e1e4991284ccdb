import { SessionKeeper } from "@lockstep/client";
import { LockstepProvider } from "@lockstep/react";
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InMemoryServer } from "../../../packages/react/test/standin/inMemory";
import Dashboard from "../src/dashboard/Dashboard";
import { Login } from "../src/pages/Login";
import { SignedOut } from "../src/pages/SignedOut";

let server = new InMemoryServer();
let session: string | null = null;

beforeEach(() => {
  localStorage.clear();
  server = new InMemoryServer();
  session = null;
  vi.stubGlobal("fetch", server.fetchAs(() => session));
});

afterEach(cleanup);

function open(at: string, page: React.ReactNode) {
  const keeper = new SessionKeeper({ fetch: server.fetchAs(() => session) });
  return render(
    <MemoryRouter initialEntries={[at]}>
      <LockstepProvider
        origin="http://standin.test"
        keeper={keeper}
        navigate={() => undefined}
        leave={() => undefined}
        clientOptions={{ webSocketConstructor: server.webSocket(), logger: false }}
      >
        {page}
      </LockstepProvider>
    </MemoryRouter>,
  );
}

const text = (id: string) => screen.getByTestId(id).textContent;
const type = (id: string, value: string) => fireEvent.change(screen.getByTestId(id), { target: { value } });
const press = (id: string) => fireEvent.click(screen.getByTestId(id));

describe("the login page", () => {
  it("offers the personas of the demo and keeps where one wanted to go", async () => {
    open("/login?returnTo=%2Fprojects", <Login purpose="sign-in" />);
    const ada = await screen.findByTestId("persona-ada@acme.test");
    expect(ada.getAttribute("href")).toBe("/api/auth/login?returnTo=%2Fprojects&loginHint=ada%40acme.test");
    expect(screen.getByTestId("sign-in").getAttribute("href")).toBe("/api/auth/login?returnTo=%2Fprojects");
    expect(screen.getByText("/projects")).toBeTruthy();
  });

  it("has no personas outside the demo, and works before the configuration is known", () => {
    server.world.demo = false;
    open("/login", <Login purpose="sign-in" />);
    expect(screen.getByTestId("sign-in").getAttribute("href")).toBe("/api/auth/login?returnTo=%2Fdashboard");
    expect(screen.queryByText("or step in as")).toBeNull();
  });

  it("goes on at once when somebody is signed in, but first shows what went wrong", async () => {
    session = server.world.signIn("ada@acme.test").id;
    open("/login?error=access_denied", <Login purpose="sign-in" />);
    expect((await screen.findByText("Go on as Ada Osei")).getAttribute("href")).toBe("/dashboard");
    cleanup();
    const { container } = open("/login", <Login purpose="sign-in" />);
    await waitFor(() => { expect(container.textContent).toBe(""); });
  });

  it("says that it is busy once pressed, and offers a plain link when nothing comes of it", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    try {
      open("/register?returnTo=%2Fprojects", <Login purpose="register" />);
      const start = screen.getByTestId("sign-in");
      expect(start.textContent).toBe("Continue to register");
      fireEvent.click(start);
      expect([start.getAttribute("aria-busy"), start.textContent]).toEqual(["true", "Opening the sign-in page…"]);
      expect(screen.queryByText("Go to the sign-in page")).toBeNull();
      await act(() => vi.advanceTimersByTimeAsync(4000));
      expect(screen.getByText("Go to the sign-in page").getAttribute("href")).toBe(start.getAttribute("href"));
    } finally {
      vi.useRealTimers();
    }
  });

  it("names the providers that are on", async () => {
    server.world.providers = ["Google", "GitHub"];
    open("/login", <Login purpose="sign-in" />);
    expect((await screen.findByText(/^With /)).textContent).toBe("With Google or GitHub.");
  });

  it("never repeats what the address bar says", async () => {
    const { container } = open("/login?error=evil-code&ref=%3Cb%3E&returnTo=%2F%2Fevil.test", <Login purpose="sign-in" />);
    expect(screen.getByTestId("sign-in-error").textContent).toContain("The sign-in did not work.");
    await screen.findByTestId("persona-ada@acme.test");
    expect(container.innerHTML).not.toContain("evil");
    expect(container.innerHTML).not.toContain("&lt;b&gt;");
  });
});

describe("the signed-out page", () => {
  it("says that another device did it, and nothing it was not told", () => {
    open("/signed-out?reason=other-device", <SignedOut />);
    expect(screen.getByText(/signed out from another device/)).toBeTruthy();
    cleanup();
    open("/signed-out?reason=constructor", <SignedOut />);
    expect(screen.getByText(/over here and in every other tab/)).toBeTruthy();
  });
});

describe("the dashboard", () => {
  beforeEach(async () => {
    session = server.world.signIn("ada@acme.test").id;
    open("/dashboard", <Dashboard />);
    await screen.findByTestId("rename-submit");
  });

  it("shows the row, its organization and how the last change came", () => {
    expect(["user-name", "user-email", "org-name", "role"].map(text)).toEqual(["Ada Osei", "ada@acme.test", "Acme Robotics", "owner"]);
    expect(text("synced-by")).toBe("sign-in");
  });

  it("has a header that knows who is signed in, with their picture or their initials", async () => {
    const top = screen.getByTestId("sign-out").closest("header") as HTMLElement;
    const header = within(top);
    expect([header.getByText("Ada Osei"), header.getByText("Acme Robotics"), header.getByText("AO")]).toHaveLength(3);
    act(() => { server.world.edit("user_ada", { displayName: "Ada Lovelace", profilePictureUrl: "https://pictures.test/ada.png" }); });
    await header.findByText("Ada Lovelace");
    const picture = top.querySelector<HTMLImageElement>(".who img");
    expect(picture?.src).toBe("https://pictures.test/ada.png");
    if (picture) fireEvent.error(picture);
    await header.findByText("AL");
    act(() => { server.world.edit("user_ada", { profilePictureUrl: "http://plain.test/ada.png" }); });
    expect(top.querySelector(".who img")).toBeNull();
  });

  it("puts this session first and revokes another", async () => {
    act(() => { server.world.signIn("ada@acme.test", "Firefox/140 (X11; Linux)"); });
    await waitFor(() => { expect(screen.getAllByTestId("session-row")).toHaveLength(2); });
    expect(within(screen.getAllByTestId("session-row")[0] as HTMLElement).getByText("this one")).toBeTruthy();
    press("revoke-other");
    await waitFor(() => { expect(screen.getAllByTestId("session-row")).toHaveLength(1); });
    expect(server.world.active("session_2")).toBeNull();
  });

  it("ends all other sessions with one click", async () => {
    act(() => {
      server.world.signIn("ada@acme.test", "Firefox/140 (X11; Linux)");
      server.world.signIn("ada@acme.test", "Safari/605 (iPhone)");
    });
    await waitFor(() => { expect(screen.getAllByTestId("session-row")).toHaveLength(3); });
    press("revoke-others");
    await waitFor(() => { expect(screen.getAllByTestId("session-row")).toHaveLength(1); });
    expect(screen.queryByTestId("revoke-others")).toBeNull();
    expect(screen.getByText("this one")).toBeTruthy();
  });

  it("shows a saved bio at once and says so quietly", async () => {
    type("bio-input", "Builds robots");
    press("bio-save");
    expect(text("bio")).toBe("Builds robots");
    await screen.findByTestId("bio-saved");
    expect(server.world.people.get("user_ada")?.row.bio).toBe("Builds robots");
  });

  it("takes a refused bio back, keeps what was typed and says why", async () => {
    type("bio-input", "refuse");
    press("bio-save");
    expect(text("bio")).toBe("refuse");
    await screen.findByText("Not saved. This bio will not do.");
    expect(text("bio")).toBe("null");
    expect(screen.getByTestId<HTMLTextAreaElement>("bio-input").value).toBe("refuse");
    expect(screen.queryByTestId("bio-saved")).toBeNull();
  });

  it("follows a bio written in another window, but never over what is being typed", async () => {
    act(() => { server.world.edit("user_ada", { bio: "from afar" }); });
    await waitFor(() => { expect(screen.getByTestId<HTMLTextAreaElement>("bio-input").value).toBe("from afar"); });
    type("bio-input", "mine");
    act(() => { server.world.edit("user_ada", { bio: "from afar again" }); });
    await waitFor(() => { expect(text("bio")).toBe("from afar again"); });
    expect(screen.getByTestId<HTMLTextAreaElement>("bio-input").value).toBe("mine");
  });

  it("times a name changed in WorkOS, by webhook and, when that is lost, by the tail", async () => {
    type("rename-first", "Adaeze");
    press("rename-submit");
    await screen.findByText(/On screen after \d+ ms, by webhook/);
    expect([text("user-name"), text("synced-by")]).toEqual(["Adaeze Osei", "webhook"]);
    press("drop-next");
    await screen.findByText(/Armed/);
    type("rename-last", "Okafor");
    press("rename-submit");
    await screen.findByText(/by events tail/, {}, { timeout: 4000 });
    expect([text("user-name"), text("synced-by")]).toEqual(["Adaeze Okafor", "events tail"]);
    expect(screen.getByText("2 of 5")).toBeTruthy();
  });

  it("counts what is unread and marks it read", async () => {
    act(() => {
      server.world.notifications = [{ id: "n1", subject: "Welcome", message: "Hello.", createdAt: "2026-11-21T09:00:00Z", read: false }];
      server.world.changed();
    });
    const bell = await screen.findByLabelText("Notifications, 1 unread");
    fireEvent.click(bell);
    fireEvent.click(screen.getByText("Mark as read"));
    await screen.findByRole("button", { name: "Notifications" });
    expect(screen.getByText("Welcome")).toBeTruthy();
  });
});
