/** The person as WorkOS knows them, taken from the session (not from the mirrored row). */
export interface WorkOSUser {
  readonly id: string;
  /** The application's own key of the person; null until there is a row, or while the database cannot be asked. */
  readonly accountId: string | null;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly displayName: string;
  readonly profilePictureUrl: string | null;
  readonly emailVerified: boolean;
}

/** The strongest of the four usual roles among the slugs; an application may have others. */
export type DefaultRole = "OWNER" | "ADMIN" | "MEMBER" | "VIEWER";

/** What the person is in one organization, from the mirror. */
export interface OwnMembership {
  readonly id: string;
  readonly organizationId: string;
  readonly status: string;
  readonly role: DefaultRole | null;
  readonly roles: readonly string[];
  readonly createdAt: string | null;
}

/** An organization of the person, from the mirror; slug, domain and logo are the application's own. */
export interface OwnOrganization {
  readonly id: string;
  readonly name: string;
  readonly slug: string | null;
  readonly domain: string | null;
  readonly logoUrl: string | null;
}

/** A session the server has confirmed. */
export interface Session {
  readonly user: WorkOSUser;
  readonly sessionId: string;
  readonly organizationId: string | null;
  readonly role: DefaultRole | null;
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly impersonator: { readonly reason: string | null } | null;
  /** All of them, not only that of the session's organization; null while the database cannot be asked. */
  readonly memberships: readonly OwnMembership[] | null;
  readonly organizations: readonly OwnOrganization[] | null;
  readonly csrfToken: string;
}

/** Why a session that this page had seen is over. */
export type EndReason = "this-tab" | "other-tab" | "other-device";

/** `reason` is null when nobody was signed in since this page was loaded. */
export type SessionState =
  | { readonly kind: "loading"; readonly unavailable: boolean }
  | { readonly kind: "signed-out"; readonly reason: EndReason | null }
  | { readonly kind: "signed-in"; readonly session: Session; readonly unavailable: boolean };

export type SessionEvent =
  | { readonly kind: "confirmed"; readonly session: Session }
  | { readonly kind: "nobody" }
  | { readonly kind: "unavailable" }
  | { readonly kind: "ended"; readonly reason: EndReason };

export const LOADING: SessionState = { kind: "loading", unavailable: false };

/**
 * The whole life of a session on a page. Pure; returns the same object when nothing changed, so that
 * nobody re-renders for nothing.
 */
export function next(state: SessionState, event: SessionEvent): SessionState {
  switch (event.kind) {
    case "confirmed":
      return confirmed(state, event.session);
    case "nobody":
      if (state.kind === "signed-in") return { kind: "signed-out", reason: "other-device" };
      return state.kind === "signed-out" ? state : { kind: "signed-out", reason: null };
    case "unavailable":
      return state.kind === "signed-out" || state.unavailable ? state : { ...state, unavailable: true };
    case "ended":
      return state.kind === "signed-in" ? { kind: "signed-out", reason: event.reason } : state;
  }
}

/** Two sessions with the same key may share a live connection; others may not. */
export function sessionKey(state: SessionState): string | null {
  if (state.kind !== "signed-in") return null;
  const { sessionId, organizationId, user } = state.session;
  return JSON.stringify([sessionId, organizationId, user.id]);
}

function confirmed(state: SessionState, session: Session): SessionState {
  const same =
    state.kind === "signed-in" && !state.unavailable && JSON.stringify(state.session) === JSON.stringify(session);
  return same ? state : { kind: "signed-in", session, unavailable: false };
}
