-- The remaining objects of the mirror. What all mirrored tables have stands once, in a pattern that goes at the end.
CREATE TABLE workos.mirrored (
  created_at timestamptz,
  updated_at timestamptz,
  raw jsonb NOT NULL,
  deleted_at timestamptz,
  deleted_by text,
  event_at timestamptz,
  event_id text,
  snapshot_at timestamptz,
  source text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  event_updated_at timestamptz,
  snapshot_updated_at timestamptz,
  snapshot_digest text,
  shadow jsonb
);
COMMENT ON COLUMN workos.mirrored.created_at IS 'When WorkOS made the object, as it says.';
COMMENT ON COLUMN workos.mirrored.updated_at IS 'When the object last changed, as it says.';
COMMENT ON COLUMN workos.mirrored.raw IS 'The whole object as it came, without secrets.';
COMMENT ON COLUMN workos.mirrored.deleted_at IS 'When it went; null while it is there.';
COMMENT ON COLUMN workos.mirrored.deleted_by IS 'The cause of the tombstone: the event id, of a parent where it went with one, or snapshot.';
COMMENT ON COLUMN workos.mirrored.event_at IS 'With event_id: the version of the newest event applied.';
COMMENT ON COLUMN workos.mirrored.event_id IS 'With event_at: the version of the newest event applied.';
COMMENT ON COLUMN workos.mirrored.snapshot_at IS 'When the fetch of the newest snapshot applied began.';
COMMENT ON COLUMN workos.mirrored.source IS 'Which of webhook, tail, snapshot, login wrote the row last.';
COMMENT ON COLUMN workos.mirrored.applied_at IS 'When the row was last written.';
COMMENT ON COLUMN workos.mirrored.event_updated_at IS 'The time of change that ranks the newest event against snapshots.';
COMMENT ON COLUMN workos.mirrored.snapshot_updated_at IS 'The time of change that ranks the newest snapshot against events.';
COMMENT ON COLUMN workos.mirrored.snapshot_digest IS 'Decides between two snapshots of one moment.';
COMMENT ON COLUMN workos.mirrored.shadow IS 'The newest snapshot as a whole row while an event is shown; else null.';

CREATE TABLE workos.organization_domains (
  id text PRIMARY KEY,
  organization_id text,
  domain text,
  state text,
  verification_strategy text,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);
CREATE INDEX organization_domains_by_organization ON workos.organization_domains (organization_id);
CREATE INDEX organization_domains_by_domain ON workos.organization_domains (domain);

CREATE TABLE workos.roles (
  slug text PRIMARY KEY,
  workos_id text,
  name text,
  description text,
  resource_type_slug text,
  permissions text[] NOT NULL DEFAULT '{}',
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);

CREATE TABLE workos.organization_roles (
  organization_id text NOT NULL,
  slug text NOT NULL,
  workos_id text,
  name text,
  description text,
  resource_type_slug text,
  permissions text[] NOT NULL DEFAULT '{}',
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS,
  PRIMARY KEY (organization_id, slug)
);

CREATE TABLE workos.permissions (
  slug text PRIMARY KEY,
  workos_id text,
  name text,
  description text,
  resource_type_slug text,
  system boolean,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);

CREATE TABLE workos.invitations (
  id text PRIMARY KEY,
  email text,
  state text,
  organization_id text,
  inviter_user_id text,
  accepted_user_id text,
  role_slug text,
  accepted_at timestamptz,
  revoked_at timestamptz,
  expires_at timestamptz,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);
CREATE INDEX invitations_by_organization ON workos.invitations (organization_id);
CREATE INDEX invitations_by_email ON workos.invitations (lower(email));

CREATE TABLE workos.directories (
  id text PRIMARY KEY,
  organization_id text,
  type text,
  state text,
  name text,
  external_key text,
  domains jsonb,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);
CREATE INDEX directories_by_organization ON workos.directories (organization_id);

CREATE TABLE workos.directory_users (
  id text PRIMARY KEY,
  directory_id text,
  organization_id text,
  idp_id text,
  email text,
  state text,
  first_name text,
  last_name text,
  name text,
  username text,
  job_title text,
  role_slugs text[] NOT NULL DEFAULT '{}',
  emails jsonb,
  custom_attributes jsonb,
  raw_attributes jsonb,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);
CREATE INDEX directory_users_by_directory ON workos.directory_users (directory_id);
CREATE INDEX directory_users_by_email ON workos.directory_users (lower(email));

CREATE TABLE workos.directory_groups (
  id text PRIMARY KEY,
  directory_id text,
  organization_id text,
  idp_id text,
  name text,
  raw_attributes jsonb,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);
CREATE INDEX directory_groups_by_directory ON workos.directory_groups (directory_id);

CREATE TABLE workos.directory_group_members (
  directory_group_id text NOT NULL,
  directory_user_id text NOT NULL,
  directory_id text,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS,
  PRIMARY KEY (directory_group_id, directory_user_id)
);
CREATE INDEX directory_group_members_by_directory_user ON workos.directory_group_members (directory_user_id);
CREATE INDEX directory_group_members_by_directory ON workos.directory_group_members (directory_id);

CREATE TABLE workos.connections (
  id text PRIMARY KEY,
  connection_type text,
  organization_id text,
  name text,
  state text,
  external_key text,
  domains jsonb,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);
CREATE INDEX connections_by_organization ON workos.connections (organization_id);

CREATE TABLE workos.groups (
  id text PRIMARY KEY,
  organization_id text,
  name text,
  description text,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);
CREATE INDEX groups_by_organization ON workos.groups (organization_id);

CREATE TABLE workos.group_members (
  group_id text NOT NULL,
  organization_membership_id text NOT NULL,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS,
  PRIMARY KEY (group_id, organization_membership_id)
);
CREATE INDEX group_members_by_membership ON workos.group_members (organization_membership_id);

CREATE TABLE workos.feature_flags (
  id text PRIMARY KEY,
  slug text,
  name text,
  description text,
  tags text[] NOT NULL DEFAULT '{}',
  enabled boolean,
  default_value boolean,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);
CREATE INDEX feature_flags_by_slug ON workos.feature_flags (slug);

CREATE TABLE workos.api_keys (
  id text PRIMARY KEY,
  owner_type text,
  owner_id text,
  organization_id text,
  name text,
  obfuscated_value text,
  permissions text[] NOT NULL DEFAULT '{}',
  last_used_at timestamptz,
  expires_at timestamptz,
  LIKE workos.mirrored INCLUDING DEFAULTS INCLUDING COMMENTS
);
CREATE INDEX api_keys_by_owner ON workos.api_keys (owner_id);
CREATE INDEX api_keys_by_organization ON workos.api_keys (organization_id);

DROP TABLE workos.mirrored;

-- Two logs. They only grow, and are kept when WorkOS has long forgotten.
CREATE TABLE workos.authentication_events (
  event_id text PRIMARY KEY,
  type text NOT NULL,
  occurred_at timestamptz NOT NULL,
  method text,
  status text,
  user_id text,
  email text,
  ip_address text,
  user_agent text,
  error jsonb,
  sso jsonb,
  raw jsonb NOT NULL,
  context jsonb NOT NULL,
  source text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX authentication_events_by_user ON workos.authentication_events (user_id, occurred_at);
CREATE INDEX authentication_events_by_time ON workos.authentication_events (occurred_at);

CREATE TABLE workos.event_log (
  event_id text PRIMARY KEY,
  type text NOT NULL,
  occurred_at timestamptz NOT NULL,
  object_id text,
  organization_id text,
  user_id text,
  raw jsonb NOT NULL,
  context jsonb NOT NULL,
  source text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX event_log_by_type ON workos.event_log (type, occurred_at);

CREATE VIEW workos.organization_domains_live AS SELECT * FROM workos.organization_domains WHERE deleted_at IS NULL;
CREATE VIEW workos.roles_live AS
  SELECT slug, coalesce(workos_id, shadow ->> 'workos_id') AS workos_id, coalesce(name, shadow ->> 'name') AS name,
    coalesce(description, shadow ->> 'description') AS description, resource_type_slug, permissions,
    created_at, updated_at, raw
  FROM workos.roles WHERE deleted_at IS NULL;
CREATE VIEW workos.organization_roles_live AS SELECT * FROM workos.organization_roles WHERE deleted_at IS NULL;
CREATE VIEW workos.permissions_live AS SELECT * FROM workos.permissions WHERE deleted_at IS NULL;
CREATE VIEW workos.invitations_live AS SELECT * FROM workos.invitations WHERE deleted_at IS NULL;
CREATE VIEW workos.directories_live AS SELECT * FROM workos.directories WHERE deleted_at IS NULL;
CREATE VIEW workos.directory_users_live AS SELECT * FROM workos.directory_users WHERE deleted_at IS NULL;
CREATE VIEW workos.directory_groups_live AS SELECT * FROM workos.directory_groups WHERE deleted_at IS NULL;
CREATE VIEW workos.directory_group_members_live AS
  SELECT m.* FROM workos.directory_group_members m
  JOIN workos.directory_groups g ON g.id = m.directory_group_id AND g.deleted_at IS NULL
  JOIN workos.directory_users u ON u.id = m.directory_user_id AND u.deleted_at IS NULL
  WHERE m.deleted_at IS NULL;
CREATE VIEW workos.connections_live AS SELECT * FROM workos.connections WHERE deleted_at IS NULL;
CREATE VIEW workos.groups_live AS SELECT * FROM workos.groups WHERE deleted_at IS NULL;
CREATE VIEW workos.group_members_live AS
  SELECT m.* FROM workos.group_members m
  JOIN workos.groups g ON g.id = m.group_id AND g.deleted_at IS NULL
  JOIN workos.organization_memberships_live o ON o.id = m.organization_membership_id
  WHERE m.deleted_at IS NULL;
CREATE VIEW workos.feature_flags_live AS SELECT * FROM workos.feature_flags WHERE deleted_at IS NULL;
CREATE VIEW workos.api_keys_live AS SELECT * FROM workos.api_keys WHERE deleted_at IS NULL;

CALL lockstep.watch('workos.organization_domains', 'id', 'organization_id');
CALL lockstep.watch('workos.roles', 'slug');
CALL lockstep.watch('workos.organization_roles', 'organization_id', 'slug');
CALL lockstep.watch('workos.permissions', 'slug');
CALL lockstep.watch('workos.invitations', 'id', 'organization_id', 'email');
CALL lockstep.watch('workos.directories', 'id', 'organization_id');
CALL lockstep.watch('workos.directory_users', 'id', 'directory_id', 'email');
CALL lockstep.watch('workos.directory_groups', 'id', 'directory_id');
CALL lockstep.watch('workos.directory_group_members', 'directory_group_id', 'directory_user_id');
CALL lockstep.watch('workos.connections', 'id', 'organization_id');
CALL lockstep.watch('workos.groups', 'id', 'organization_id');
CALL lockstep.watch('workos.group_members', 'group_id', 'organization_membership_id');
CALL lockstep.watch('workos.feature_flags', 'id', 'slug');
CALL lockstep.watch('workos.api_keys', 'id', 'owner_id');
CALL lockstep.watch('workos.authentication_events', 'event_id', 'user_id');
CALL lockstep.watch('workos.event_log', 'event_id', 'type');

-- The merge of rows whose key may come back: slugs and pairs. Each register carries its own tombstone.
CREATE FUNCTION lockstep.merge_returning(held jsonb, came jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  event jsonb := CASE WHEN held ->> 'event_at' IS NOT NULL THEN held END;
  snapshot jsonb := CASE
    WHEN held ->> 'snapshot_at' IS NULL THEN NULL
    WHEN jsonb_typeof(held -> 'shadow') = 'object' THEN held -> 'shadow'
    ELSE held END;
  shown jsonb;
BEGIN
  IF came ->> 'event_at' IS NOT NULL AND (event IS NULL OR
      ((came ->> 'event_at')::timestamptz, (came ->> 'event_id') COLLATE "C")
      > ((event ->> 'event_at')::timestamptz, (event ->> 'event_id') COLLATE "C")) THEN
    event := came;
  END IF;
  IF came ->> 'snapshot_at' IS NOT NULL AND (snapshot IS NULL OR
      ((came ->> 'snapshot_updated_at')::timestamptz, (came ->> 'snapshot_at')::timestamptz,
        (came ->> 'snapshot_digest') COLLATE "C")
      > ((snapshot ->> 'snapshot_updated_at')::timestamptz, (snapshot ->> 'snapshot_at')::timestamptz,
        (snapshot ->> 'snapshot_digest') COLLATE "C")) THEN
    snapshot := came;
  END IF;
  IF event IS NULL OR ((snapshot ->> 'snapshot_updated_at')::timestamptz, (snapshot ->> 'snapshot_at')::timestamptz)
      > ((event ->> 'event_updated_at')::timestamptz, (event ->> 'event_at')::timestamptz) THEN
    shown := snapshot;
  ELSE
    shown := event;
  END IF;
  RETURN shown || jsonb_build_object(
    'event_at', event -> 'event_at', 'event_id', event -> 'event_id',
    'event_updated_at', event -> 'event_updated_at',
    'snapshot_at', snapshot -> 'snapshot_at', 'snapshot_updated_at', snapshot -> 'snapshot_updated_at',
    'snapshot_digest', snapshot -> 'snapshot_digest',
    'shadow', CASE WHEN shown IS DISTINCT FROM snapshot THEN snapshot - 'shadow' END);
END
$$;
COMMENT ON FUNCTION lockstep.merge_returning(jsonb, jsonb) IS
  'Joins a mirrored row whose key may come back with what came for the same key. Commutative, associative and '
  'idempotent: each register is a maximum, and whether the row is gone follows from the register that is shown.';
