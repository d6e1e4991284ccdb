import { signOut, withAuth } from '@workos-inc/authkit-nextjs';

async function leave() {
  'use server';
  await signOut({ returnTo: process.env.OWN_ADDRESS });
}

export default async function Page() {
  const { user, sessionId, organizationId } = await withAuth();
  if (!user) {
    return (
      <main>
        <p data-testid="who">nobody</p>
        <a href="/sign-in">Sign in</a>
      </main>
    );
  }
  return (
    <main>
      <p data-testid="who">{user.email}</p>
      <p data-testid="session">{sessionId}</p>
      <p data-testid="organization">{organizationId}</p>
      <form action={leave}>
        <button type="submit">Sign out</button>
      </form>
    </main>
  );
}
