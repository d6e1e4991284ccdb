import { signInHref } from "@lockstep/client";
import type { Persona } from "../lib/config";
import { Avatar } from "../ui/Avatar";

/** The people of the demo, by organization. One click signs in as one of them. */
export function Personas({ personas, returnTo }: { personas: readonly Persona[]; returnTo: string }) {
  const organizations = [...new Set(personas.map((persona) => persona.organization))];
  return (
    <section className="personas" aria-label="People of the demo">
      <p className="or">
        <span>or step in as</span>
      </p>
      {organizations.map((organization) => (
        <div key={organization}>
          <h2 className="persona-organization">{organization}</h2>
          <ul>
            {personas
              .filter((persona) => persona.organization === organization)
              .map((persona) => (
                <li key={persona.email}>
                  <a
                    className="persona"
                    href={signInHref({ loginHint: persona.loginHint, returnTo })}
                    data-testid={`persona-${persona.email}`}
                  >
                    <Avatar name={persona.name} src={null} />
                    <span className="persona-name">{persona.name}</span>
                    <span className="chip">{persona.role}</span>
                  </a>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
