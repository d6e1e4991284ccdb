/** The path to go to after sign-in, or null unless it is a plain path on this origin. */
export function localPath(candidate: string | null): string | null {
  if (candidate === null || !candidate.startsWith("/") || /^\/[/\\]|[\\\u0000-\u001f\u007f]/.test(candidate)) return null;
  const base = "http://origin.invalid";
  try {
    const url = new URL(candidate, base);
    const path = url.pathname + url.search + url.hash;
    return url.origin === base && !path.startsWith("//") ? path : null;
  } catch {
    return null;
  }
}

/** The address that starts a sign-in. */
export function signInHref(options: {
  returnTo?: string | null;
  loginHint?: string | null;
  register?: boolean;
}): string {
  const query = new URLSearchParams();
  const returnTo = localPath(options.returnTo ?? null);
  if (returnTo !== null) query.set("returnTo", returnTo);
  if (options.loginHint != null) query.set("loginHint", options.loginHint);
  const path = options.register === true ? "/api/auth/register" : "/api/auth/login";
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
