export type Theme = "system" | "light" | "dark";

/** The key is also read by public/theme.js, before the first paint. */
const KEY = "lockstep-theme";

export function readTheme(): Theme {
  return asTheme(stored());
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** Follows a choice made in another tab. */
export function watchTheme(changed: (theme: Theme) => void): () => void {
  const hear = (event: StorageEvent) => {
    if (event.key !== KEY) return;
    const theme = asTheme(event.newValue);
    document.documentElement.dataset["theme"] = theme;
    changed(theme);
  };
  window.addEventListener("storage", hear);
  return () => {
    window.removeEventListener("storage", hear);
  };
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function asTheme(value: string | null): Theme {
  return value === "light" || value === "dark" ? value : "system";
}
