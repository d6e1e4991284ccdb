import { api, sentenceOf, useMutation, type MirroredUser } from "@lockstep/react";
import { useId, useState, type SyntheticEvent } from "react";

type Saving = { readonly step: "idle" | "saving" | "saved" } | { readonly step: "rejected"; readonly reason: string };

/** Edits the bio. The row shows it at once; a refusal brings the old value back there and keeps what was typed here. */
export function ProfileCard({ user }: { user: MirroredUser }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [saving, setSaving] = useState<Saving>({ step: "idle" });
  const id = useId();
  const update = useMutation(api.profiles.update).withOptimisticUpdate((store, args) => {
    const me = store.getQuery(api.users.me, {});
    if (me != null && args.bio !== undefined) store.setQuery(api.users.me, {}, { ...me, bio: args.bio });
  });
  const value = typed ?? user.bio ?? "";

  const save = async (event: SyntheticEvent) => {
    event.preventDefault();
    setSaving({ step: "saving" });
    try {
      await update({ bio: value.trim() === "" ? null : value.trim() });
      setSaving({ step: "saved" });
      // What was typed meanwhile stays; what was saved is the row's now.
      setTyped((now) => (now === value ? null : now));
    } catch (failure) {
      setSaving({ step: "rejected", reason: reasonOf(failure) });
    }
  };

  return (
    <form className="form" onSubmit={(event) => void save(event)}>
      <label htmlFor={id}>Bio</label>
      <textarea
        id={id}
        rows={3}
        value={value}
        data-testid="bio-input"
        aria-describedby={`${id}-note`}
        onChange={(event) => {
          setTyped(event.target.value);
          setSaving({ step: "idle" });
        }}
      />
      <div className="form-foot">
        <button type="submit" className="button button-primary" data-testid="bio-save" disabled={saving.step === "saving"}>
          Save
        </button>
        <span id={`${id}-note`} className="form-note" role="status" aria-live="polite">
          {saving.step === "saved" && <span className="saved" data-testid="bio-saved">Saved</span>}
          {saving.step === "rejected" && <span className="bad">{saving.reason}</span>}
          {typed !== null && saving.step === "idle" && typed !== (user.bio ?? "") && <span className="muted">Not saved yet</span>}
        </span>
      </div>
      <p className="muted small">Your name is kept by WorkOS: a change goes there and is back here at once. E-mail is changed at WorkOS only.</p>
    </form>
  );
}

function reasonOf(failure: unknown): string {
  return `Not saved. ${sentenceOf(failure) ?? "The server could not take the change; your text is still here."}`;
}
