import { refreshSession } from '@workos-inc/authkit-nextjs';

export async function POST() {
  const { user, sessionId } = await refreshSession();
  return Response.json({ email: user?.email ?? null, sessionId: sessionId ?? null });
}
