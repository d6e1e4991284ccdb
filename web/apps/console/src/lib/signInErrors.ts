export interface SignInError {
  readonly sentence: string;
  readonly action: { readonly label: string; readonly kind: "again" | "home" };
}

const again = (label = "Sign in again") => ({ label, kind: "again" as const });

const KNOWN: Readonly<Record<string, SignInError>> = {
  access_denied: { sentence: "The sign-in was cancelled before it was finished.", action: again("Try again") },
  expired_code: { sentence: "That sign-in link was used already, or waited too long.", action: again() },
  state_mismatch: {
    sentence: "This sign-in was started somewhere else. Was it opened in another browser?",
    action: again("Start again here"),
  },
  deactivated: {
    sentence: "This account has been deactivated. An administrator of your organization can restore it.",
    action: { label: "Back to the start page", kind: "home" },
  },
  org_required: { sentence: "You have to belong to an organization to come in here.", action: again("Choose an organization") },
  sso_required: { sentence: "Your organization asks you to sign in through its own sign-in page.", action: again("Continue with SSO") },
  rate_limited: { sentence: "Too many attempts in a short time. Wait a minute before the next one.", action: again("Try again") },
  unavailable: { sentence: "Signing in is not possible for the moment. Nothing is wrong with your account.", action: again("Try again") },
};

const GENERIC: SignInError = { sentence: "The sign-in did not work.", action: again("Try again") };

/** The text for an error code of the address bar. The code itself, like anything unknown, is never shown. */
export function signInError(code: string | null): SignInError | null {
  if (code === null) return null;
  return Object.hasOwn(KNOWN, code) ? (KNOWN[code] ?? GENERIC) : GENERIC;
}

/** A reference fit to be shown and copied, or null: the address bar may hold anything. */
export function shownRef(ref: string | null): string | null {
  return ref !== null && /^[A-Za-z0-9_-]{4,64}$/.test(ref) ? ref : null;
}
