-- Schema workos: the mirror. Rebuildable, keyed by WorkOS id, no foreign keys between rows, no unique e-mail.
-- version: (event_at, event_id) of the newest event applied; snapshot_at: when the newest snapshot applied was fetched.
CREATE SCHEMA IF NOT EXISTS workos;

CREATE TABLE workos.users (
  id text PRIMARY KEY,
  email text,
  email_verified boolean,
  first_name text,
  last_name text,
  name text,
  profile_picture_url text,
  external_id text,
  locale text,
  last_sign_in_at timestamptz,
  metadata jsonb,
  created_at timestamptz,
  updated_at timestamptz,
  raw jsonb NOT NULL,
  deleted_at timestamptz,
  deleted_by text,
  event_at timestamptz,
  event_id text,
  snapshot_at timestamptz,
  source text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX users_by_email ON workos.users (lower(email));
COMMENT ON COLUMN workos.users.deleted_by IS 'The cause of the tombstone: the event id, or snapshot.';
COMMENT ON COLUMN workos.users.source IS 'Which of webhook, tail, snapshot, login wrote the row last.';

CREATE TABLE workos.organizations (
  id text PRIMARY KEY,
  name text,
  external_id text,
  domains jsonb,
  metadata jsonb,
  created_at timestamptz,
  updated_at timestamptz,
  raw jsonb NOT NULL,
  deleted_at timestamptz,
  deleted_by text,
  event_at timestamptz,
  event_id text,
  snapshot_at timestamptz,
  source text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE workos.organization_memberships (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  organization_id text NOT NULL,
  status text,
  role_slugs text[] NOT NULL DEFAULT '{}',
  directory_managed boolean,
  custom_attributes jsonb,
  created_at timestamptz,
  updated_at timestamptz,
  raw jsonb NOT NULL,
  deleted_at timestamptz,
  deleted_by text,
  event_at timestamptz,
  event_id text,
  snapshot_at timestamptz,
  source text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX memberships_by_user ON workos.organization_memberships (user_id);
CREATE INDEX memberships_by_organization ON workos.organization_memberships (organization_id);

CREATE TABLE workos.sessions (
  id text PRIMARY KEY,
  user_id text NOT NULL,
  organization_id text,
  auth_method text,
  status text,
  ip_address text,
  user_agent text,
  impersonator jsonb,
  expires_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz,
  updated_at timestamptz,
  raw jsonb NOT NULL,
  deleted_at timestamptz,
  deleted_by text,
  event_at timestamptz,
  event_id text,
  snapshot_at timestamptz,
  source text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX sessions_by_user ON workos.sessions (user_id);
COMMENT ON TABLE workos.sessions IS 'deleted_at is the terminal mark of a revoked or ended session.';

CREATE VIEW workos.users_live AS SELECT * FROM workos.users WHERE deleted_at IS NULL;
CREATE VIEW workos.organizations_live AS SELECT * FROM workos.organizations WHERE deleted_at IS NULL;
CREATE VIEW workos.organization_memberships_live AS
  SELECT m.* FROM workos.organization_memberships m
  JOIN workos.users_live u ON u.id = m.user_id
  JOIN workos.organizations_live o ON o.id = m.organization_id
  WHERE m.deleted_at IS NULL;
COMMENT ON VIEW workos.organization_memberships_live IS
  'A membership takes effect when its user and its organization are there; it may be stored before.';
CREATE VIEW workos.sessions_live AS SELECT * FROM workos.sessions WHERE deleted_at IS NULL;

CALL lockstep.watch('workos.users', 'id', 'email');
CALL lockstep.watch('workos.organizations', 'id');
CALL lockstep.watch('workos.organization_memberships', 'id', 'user_id', 'organization_id');
CALL lockstep.watch('workos.sessions', 'id', 'user_id');
