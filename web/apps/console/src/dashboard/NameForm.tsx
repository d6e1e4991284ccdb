import { useAuth, type MirroredUser } from "@lockstep/react";
import { useId, useState, type SyntheticEvent } from "react";

type Saving = { readonly step: "idle" | "saving" | "saved" } | { readonly step: "rejected"; readonly reason: string };

/** Changes the caller's own name where it belongs, at WorkOS. The answer comes when the row here shows it already. */
export function NameForm({ user }: { user: MirroredUser }) {
  const { post } = useAuth();
  const [first, setFirst] = useState<string | null>(null);
  const [last, setLast] = useState<string | null>(null);
  const [saving, setSaving] = useState<Saving>({ step: "idle" });
  const id = useId();

  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    setSaving({ step: "saving" });
    const reply = await post("/api/v1/me/name", {
      firstName: first ?? user.firstName ?? "",
      lastName: last ?? user.lastName ?? "",
    });
    if (reply.kind === "ok") {
      setFirst(null);
      setLast(null);
      setSaving({ step: "saved" });
    } else {
      const reason = reply.kind === "refused" ? reply.message : "WorkOS could not be reached; what you typed is still here.";
      setSaving({ step: "rejected", reason });
    }
  };
  const typed = (set: (text: string) => void) => (event: { readonly target: { readonly value: string } }) => {
    set(event.target.value);
    setSaving({ step: "idle" });
  };

  return (
    <form className="form" onSubmit={(event) => void save(event)}>
      <div className="form-pair">
        <label htmlFor={`${id}-first`}>
          First name
          <input id={`${id}-first`} maxLength={100} value={first ?? user.firstName ?? ""} autoComplete="given-name" data-testid="name-first" onChange={typed(setFirst)} />
        </label>
        <label htmlFor={`${id}-last`}>
          Last name
          <input id={`${id}-last`} maxLength={100} value={last ?? user.lastName ?? ""} autoComplete="family-name" data-testid="name-last" onChange={typed(setLast)} />
        </label>
      </div>
      <div className="form-foot">
        <button type="submit" className="button" data-testid="name-save" disabled={saving.step === "saving"}>
          Change name
        </button>
        <span className="form-note" role="status" aria-live="polite">
          {saving.step === "saved" && <span className="saved" data-testid="name-saved">Changed at WorkOS</span>}
          {saving.step === "rejected" && <span className="bad" data-testid="name-rejected">Not changed. {saving.reason}</span>}
        </span>
      </div>
    </form>
  );
}
