export interface SignInError {
  readonly sentence: string;
  readonly action: { readonly label: string; readonly kind: "again" | "home" };
}

const again = (label = "Sign in again") => ({ label, kind: "again" as const });

const ELSEWHERE: SignInError = {
  sentence: "This sign-in was started somewhere else. Was it opened in another browser?",
  action: again("Start again here"),
};
const USED: SignInError = { sentence: "That sign-in was finished already, or waited too long.", action: again() };
const GARBLED: SignInError = { sentence: "The answer of the sign-in page was not usable, so nobody was signed in.", action: again() };
const DISABLED: SignInError = {
  sentence: "This account was closed. An administrator of your organization can say more.",
  action: { label: "Back to the start page", kind: "home" },
};

/** Every code the server may send, and the names that other servers of this kind use. */
const KNOWN: Readonly<Record<string, SignInError>> = {
  access_denied: { sentence: "The sign-in was cancelled before it was finished.", action: again("Try again") },
  provider_error: { sentence: "The sign-in provider reported an error of its own.", action: again("Try again") },
  pkce_cookie_missing: ELSEWHERE,
  pkce_cookie_repeated: ELSEWHERE,
  state_mismatch: ELSEWHERE,
  state_invalid: ELSEWHERE,
  state_expired: { sentence: "The sign-in took longer than ten minutes and was given up.", action: again() },
  state_replayed: USED,
  code_refused: USED,
  expired_code: USED,
  parameter_repeated: GARBLED,
  missing_auth_params: GARBLED,
  issuer_mismatch: GARBLED,
  token_refused: GARBLED,
  user_mismatch: GARBLED,
  login_loop: {
    sentence: "The sign-in went round in circles. Does this browser keep cookies for this site?",
    action: again("Try once more"),
  },
  account_disabled: DISABLED,
  deactivated: DISABLED,
  session_not_stored: { sentence: "Your session could not be kept just now. Nothing is wrong with your account.", action: again("Try again") },
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
