import { Monitor, Moon, Sun } from "lucide-react";
import { useEffect, useState } from "react";
import { applyTheme, readTheme, watchTheme, type Theme } from "../lib/theme";

const CHOICES = [
  { theme: "system", label: "As the system", Icon: Monitor },
  { theme: "light", label: "Light", Icon: Sun },
  { theme: "dark", label: "Dark", Icon: Moon },
] as const satisfies readonly { theme: Theme; label: string; Icon: typeof Sun }[];

export function ThemeSwitch() {
  const [chosen, setChosen] = useState<Theme>(readTheme);
  useEffect(() => watchTheme(setChosen), []);
  return (
    <div className="theme" role="radiogroup" aria-label="Theme">
      {CHOICES.map(({ theme, label, Icon }) => (
        <label key={theme} className="theme-choice" title={label}>
          <input
            type="radio"
            name="theme"
            value={theme}
            checked={chosen === theme}
            onChange={() => {
              applyTheme(theme);
              setChosen(theme);
            }}
          />
          <Icon size={17} aria-hidden />
          <span className="visually-hidden">{label}</span>
        </label>
      ))}
    </div>
  );
}
