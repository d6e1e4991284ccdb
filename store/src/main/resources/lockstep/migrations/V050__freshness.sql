-- When a mark was made, by the clock of this database: the age of the mirror must not hang on the clock of WorkOS alone.
ALTER TABLE lockstep.sync_mark ADD COLUMN marked_at timestamptz NOT NULL DEFAULT clock_timestamp();
COMMENT ON COLUMN lockstep.sync_mark.through IS 'By the clock of WorkOS: every event up to then has a row at or below seq.';
COMMENT ON COLUMN lockstep.sync_mark.marked_at IS 'By the clock of this database: when the mark was made.';

-- What ended lately is read at every start of a node; what ended long ago must not be walked for it.
CREATE INDEX users_ended ON workos.users (applied_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX memberships_ended ON workos.organization_memberships (applied_at)
  WHERE deleted_at IS NOT NULL OR status <> 'active';
CREATE INDEX sessions_ended ON workos.sessions (applied_at) WHERE deleted_at IS NOT NULL;
