import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import beforePaint from "../public/theme.js?raw";
import { ThemeSwitch } from "../src/ui/ThemeSwitch";

const chosen = () => document.documentElement.dataset["theme"];
const choice = (label: string) => screen.getByLabelText<HTMLInputElement>(label);

/** What the page does before the first paint. */
function firstPaint() {
  delete document.documentElement.dataset["theme"];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- a script of the page, as it is
  new Function(beforePaint)();
}

describe("the theme", () => {
  beforeEach(() => {
    localStorage.clear();
    delete document.documentElement.dataset["theme"];
  });
  afterEach(cleanup);

  it("is the system's until one is chosen, and the choice is there before the next page is painted", () => {
    firstPaint();
    expect(chosen()).toBeUndefined();
    render(<ThemeSwitch />);
    expect(choice("As the system").checked).toBe(true);
    for (const [label, theme] of [["Dark", "dark"], ["Light", "light"]] as const) {
      fireEvent.click(choice(label));
      expect(chosen()).toBe(theme);
      cleanup();
      firstPaint();
      expect(chosen()).toBe(theme);
      render(<ThemeSwitch />);
      expect(choice(label).checked).toBe(true);
    }
    fireEvent.click(choice("As the system"));
    expect(chosen()).toBe("system");
    firstPaint();
    expect(chosen()).toBeUndefined();
  });

  it("follows a choice made in another tab", () => {
    render(<ThemeSwitch />);
    act(() => { window.dispatchEvent(new StorageEvent("storage", { key: "lockstep-theme", newValue: "dark" })); });
    expect([chosen(), choice("Dark").checked]).toEqual(["dark", true]);
    act(() => { window.dispatchEvent(new StorageEvent("storage", { key: "lockstep-theme", newValue: "neon" })); });
    expect([chosen(), choice("As the system").checked]).toEqual(["system", true]);
  });

  it("lasts as long as the page where nothing may be stored", () => {
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => { throw new Error("closed"); });
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => { throw new Error("closed"); });
    firstPaint();
    render(<ThemeSwitch />);
    fireEvent.click(choice("Dark"));
    expect(chosen()).toBe("dark");
  });
});
