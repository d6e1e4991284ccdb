// Written by `lockstep types` from the server's functions. Do not change it by hand: write it again.
import { anyApi, type FunctionReference } from "convex/server";

export type MemberRow = {
  membershipId: string;
  userId: string;
  displayName: string;
  email: string;
  roles: string[];
  status: string;
};

export type MirroredUser = {
  workosUserId: string;
  accountId: string | null;
  email: string;
  firstName: string | null;
  lastName: string | null;
  displayName: string;
  profilePictureUrl: string | null;
  emailVerified: boolean;
  bio: string | null;
  timezone: string;
  usertag: string | null;
  /** A moment: ISO 8601 in UTC. */
  updatedAt: string | null;
  syncedBy: SyncedBy;
  organization: OwnOrganization | null;
  membership: OwnMembership | null;
};

export type NotificationRow = {
  id: string;
  subject: string;
  message: string;
  /** A moment: ISO 8601 in UTC. */
  createdAt: string;
  read: boolean;
};

export type OwnMembership = {
  id: string;
  status: string;
  roles: string[];
};

export type OwnOrganization = {
  id: string;
  name: string;
};

export type PersonRow = {
  workosUserId: string;
  accountId: string | null;
  email: string;
  firstName: string | null;
  lastName: string | null;
  displayName: string;
  profilePictureUrl: string | null;
  emailVerified: boolean;
  bio: string | null;
  timezone: string;
  usertag: string | null;
  /** A moment: ISO 8601 in UTC. */
  updatedAt: string | null;
  syncedBy: SyncedBy;
};

export type SessionRow = {
  id: string;
  current: boolean;
  authMethod: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  status: string | null;
  /** A moment: ISO 8601 in UTC. */
  createdAt: string | null;
  /** A moment: ISO 8601 in UTC. */
  lastSeenAt: string | null;
  /** A moment: ISO 8601 in UTC. */
  expiresAt: string | null;
};

export type SyncedBy = "webhook" | "tail" | "snapshot" | "login";

/** The functions of the server, by name. */
export type LockstepApi = {
  notifications: {
    markRead: FunctionReference<"mutation", "public", { id: string }, null>;
    mine: FunctionReference<"query", "public", Record<string, never>, NotificationRow[]>;
  };
  organizations: {
    members: FunctionReference<"query", "public", Record<string, never>, MemberRow[]>;
  };
  profiles: {
    update: FunctionReference<"mutation", "public", { bio?: string | null; timezone?: string }, null>;
  };
  sessions: {
    mine: FunctionReference<"query", "public", Record<string, never>, SessionRow[]>;
  };
  users: {
    getByAccountId: FunctionReference<"query", "public", { accountId: string }, PersonRow | null>;
    getByEmail: FunctionReference<"query", "public", { email: string }, PersonRow | null>;
    getByWorkOSId: FunctionReference<"query", "public", { workosUserId: string }, PersonRow | null>;
    me: FunctionReference<"query", "public", Record<string, never>, MirroredUser | null>;
  };
};

export const api = anyApi as unknown as LockstepApi;
