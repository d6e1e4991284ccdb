/** What an access token says, unverified: good for showing, never for deciding. */
export interface TokenClaims {
  readonly sub?: string;
  readonly sid?: string;
  readonly org_id?: string;
  readonly role?: string;
  readonly roles?: readonly string[];
  readonly permissions?: readonly string[];
  readonly entitlements?: readonly string[];
  readonly feature_flags?: readonly string[];
  readonly auth_time?: number;
  readonly iat?: number;
  readonly exp?: number;
  /** Claims of the environment's JWT template. */
  readonly [claim: string]: unknown;
}

/** Reads the middle part of a token; null when it is not one. */
export function claimsOf(token: string): TokenClaims | null {
  const part = token.split(".")[1];
  if (part === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(part.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof claims === "object" && claims !== null && !Array.isArray(claims) ? (claims as TokenClaims) : null;
  } catch {
    return null;
  }
}
