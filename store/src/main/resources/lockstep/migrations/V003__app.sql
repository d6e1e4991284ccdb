-- Schema app: the application's own. Sync never overwrites it.
CREATE SCHEMA IF NOT EXISTS app;

CREATE TABLE app.accounts (
  id uuid PRIMARY KEY DEFAULT lockstep.uuid_v7(),
  workos_user_id text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz
);
COMMENT ON TABLE app.accounts IS 'The stable key that application tables reference.';

CREATE TABLE app.profiles (
  account_id uuid PRIMARY KEY REFERENCES app.accounts (id),
  workos_user_id text NOT NULL UNIQUE,
  bio text,
  timezone text NOT NULL DEFAULT 'UTC',
  preferences jsonb NOT NULL DEFAULT '{}',
  avatar_url text,
  usertag text UNIQUE,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE app.tenants (
  organization_id text PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  domain text,
  logo_url text,
  settings jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE app.notifications (
  id uuid PRIMARY KEY DEFAULT lockstep.uuid_v7(),
  workos_user_id text NOT NULL,
  organization_id text,
  channel text NOT NULL DEFAULT 'IN_APP' CHECK (channel IN ('EMAIL', 'SMS', 'PUSH', 'IN_APP')),
  status text NOT NULL DEFAULT 'PENDING'
    CHECK (status IN ('PENDING', 'QUEUED', 'PROCESSING', 'SENT', 'FAILED', 'CANCELLED')),
  subject text NOT NULL,
  message text NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  dedupe_key text NOT NULL UNIQUE,
  attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  failed_at timestamptz,
  read_at timestamptz,
  error text
);
CREATE INDEX notifications_by_user ON app.notifications (workos_user_id, created_at);
CREATE INDEX notifications_due ON app.notifications (next_at) WHERE status IN ('PENDING', 'QUEUED');

CREATE TABLE app.audit_log (
  seq bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  organization_id text,
  actor text NOT NULL,
  impersonator text,
  action text NOT NULL,
  target text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}',
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL
);
COMMENT ON TABLE app.audit_log IS 'Append-only; each row carries the hash of the row before it.';

CREATE FUNCTION app.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'app.audit_log is append-only' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON app.audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_audit_change();

CREATE VIEW app.users AS
  SELECT a.id, u.id AS workos_user_id, u.email, u.email_verified, u.first_name, u.last_name,
    coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.name, u.email) AS display_name,
    u.profile_picture_url, coalesce(p.avatar_url, u.profile_picture_url) AS avatar_url,
    p.bio, p.timezone, p.preferences, p.usertag, u.created_at, u.updated_at, u.deleted_at IS NULL AS is_active
  FROM workos.users u
  LEFT JOIN app.accounts a ON a.workos_user_id = u.id
  LEFT JOIN app.profiles p ON p.account_id = a.id;
COMMENT ON VIEW app.users IS 'Mirror and application columns in the shape people expect.';

CALL lockstep.watch('app.accounts', 'id', 'workos_user_id');
CALL lockstep.watch('app.profiles', 'account_id', 'workos_user_id');
CALL lockstep.watch('app.tenants', 'organization_id');
CALL lockstep.watch('app.notifications', 'id', 'workos_user_id');
