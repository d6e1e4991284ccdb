import { handleAuth } from '@workos-inc/authkit-nextjs';

// The address is said, because the server itself listens on 127.0.0.1 and the cookies belong to localhost.
export const GET = handleAuth({ returnPathname: '/', baseURL: process.env.OWN_ADDRESS });
