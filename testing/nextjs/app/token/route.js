import { refreshSession, withAuth } from '@workos-inc/authkit-nextjs';

export async function POST(request) {
  const renew = new URL(request.url).searchParams.has('force');
  const { accessToken } = renew ? await refreshSession() : await withAuth();
  return Response.json({ token: accessToken ?? null });
}
