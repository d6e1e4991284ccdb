import { anyApi, type FunctionReference } from "convex/server";

/** How a row's newest state came from WorkOS. */
export type SyncedBy = "webhook" | "tail" | "snapshot" | "login";

/** The caller's row in the application's own database: WorkOS's fields beside the application's. */
export type MirroredUser = {
  workosUserId: string;
  /** Null until the account has been made, which a first sign-in does. */
  accountId: string | null;
  email: string;
  firstName: string | null;
  lastName: string | null;
  displayName: string;
  profilePictureUrl: string | null;
  emailVerified: boolean;
  bio: string | null;
  timezone: string | null;
  usertag: string | null;
  /** ISO 8601, by the clock of WorkOS. */
  updatedAt: string | null;
  syncedBy: SyncedBy;
  organization: { id: string; name: string } | null;
  membership: { id: string; status: string; roles: string[] } | null;
};

/** Somebody's row without what only they may see of their organization. */
export type PersonRow = Omit<MirroredUser, "organization" | "membership">;

export type SessionRow = {
  id: string;
  current: boolean;
  authMethod: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  status: string | null;
  createdAt: string | null;
  /** To within minutes; null until it was written once. */
  lastSeenAt: string | null;
  expiresAt: string | null;
};

export type MemberRow = {
  membershipId: string;
  userId: string;
  displayName: string;
  email: string;
  roles: string[];
  status: string;
};

export type NotificationRow = {
  id: string;
  subject: string;
  message: string;
  createdAt: string;
  read: boolean;
};

type Nothing = Record<string, never>;
type Query<Args extends Record<string, unknown>, Result> = FunctionReference<"query", "public", Args, Result>;
type Mutation<Args extends Record<string, unknown>> = FunctionReference<"mutation", "public", Args, null>;

/** The live functions of the server, by name. */
export type LockstepApi = {
  users: {
    me: Query<Nothing, MirroredUser | null>;
    getByWorkOSId: Query<{ workosUserId: string }, PersonRow | null>;
  };
  profiles: { update: Mutation<{ bio?: string | null; timezone?: string }> };
  sessions: { mine: Query<Nothing, SessionRow[]> };
  organizations: { members: Query<Nothing, MemberRow[]> };
  notifications: {
    mine: Query<Nothing, NotificationRow[]>;
    markRead: Mutation<{ id: string }>;
  };
};

export const api = anyApi as unknown as LockstepApi;
