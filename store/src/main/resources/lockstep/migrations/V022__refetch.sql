-- What has to be asked of WorkOS again, because what came leaves a question open.
CREATE TABLE lockstep.refetch (
  kind text NOT NULL,
  key jsonb NOT NULL,
  reason text NOT NULL CHECK (reason IN ('tie', 'partial', 'parent', 'clock')),
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  due_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, key)
);
CREATE INDEX refetch_due ON lockstep.refetch (due_at);
COMMENT ON TABLE lockstep.refetch IS
  'Objects to fetch once more: two events of one moment, parts that events leave out, a parent that is missing, a time of change in the future.';
COMMENT ON COLUMN lockstep.refetch.key IS 'The values of its key, as in the mirrored table.';
COMMENT ON COLUMN lockstep.refetch.due_at IS 'When to ask. While somebody asks: when that attempt counts as lost.';

ALTER TABLE workos.organizations ADD COLUMN allow_profiles_outside_organization boolean;
COMMENT ON COLUMN workos.organizations.allow_profiles_outside_organization IS
  'Whether people with other domains may join, or null: events leave it out.';

CREATE OR REPLACE VIEW workos.organizations_live AS
  SELECT id, name, external_id, domains, metadata, created_at, updated_at, raw, deleted_at, deleted_by, event_at,
    event_id, snapshot_at, source, applied_at,
    coalesce(allow_profiles_outside_organization, (shadow ->> 'allow_profiles_outside_organization')::boolean)
      AS allow_profiles_outside_organization
  FROM workos.organizations WHERE deleted_at IS NULL;
COMMENT ON VIEW workos.organizations_live IS
  'allow_profiles_outside_organization comes from the newest snapshot while an event is shown, which leaves it out.';
CREATE OR REPLACE VIEW workos.organization_memberships_live AS
  SELECT m.*, o.name AS organization_name FROM workos.organization_memberships m
  JOIN workos.users_live u ON u.id = m.user_id
  JOIN workos.organizations_live o ON o.id = m.organization_id
  WHERE m.deleted_at IS NULL;
COMMENT ON COLUMN workos.organization_memberships_live.organization_name IS
  'The name of the organization; the membership itself does not always carry it.';

-- A view's columns mean what those of its table mean.
DO $$
DECLARE
  said record;
BEGIN
  FOR said IN
    SELECT v.oid::regclass AS shown, va.attname AS name, col_description(t.oid, ta.attnum) AS words
    FROM pg_class v
    JOIN pg_class t ON t.relnamespace = v.relnamespace AND t.relname || '_live' = v.relname
    JOIN pg_attribute va ON va.attrelid = v.oid AND va.attnum > 0
    JOIN pg_attribute ta ON ta.attrelid = t.oid AND ta.attname = va.attname AND ta.attnum > 0
    WHERE v.relnamespace = 'workos'::regnamespace AND v.relkind = 'v'
  LOOP
    EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', said.shown, said.name, said.words);
  END LOOP;
END
$$;
