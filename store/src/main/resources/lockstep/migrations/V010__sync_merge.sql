-- What the merge must remember so that any order of webhooks, tail pages and snapshots ends in the same rows.
-- A mirrored row holds two registers, the newest event and the newest snapshot, and shows the winner of the two.
-- shadow: the newest snapshot as a whole row while an event is shown; null while the snapshot itself is shown.
ALTER TABLE workos.users
  ADD COLUMN event_updated_at timestamptz, ADD COLUMN snapshot_updated_at timestamptz,
  ADD COLUMN snapshot_digest text, ADD COLUMN shadow jsonb;
ALTER TABLE workos.organizations
  ADD COLUMN event_updated_at timestamptz, ADD COLUMN snapshot_updated_at timestamptz,
  ADD COLUMN snapshot_digest text, ADD COLUMN shadow jsonb;
ALTER TABLE workos.organization_memberships
  ADD COLUMN event_updated_at timestamptz, ADD COLUMN snapshot_updated_at timestamptz,
  ADD COLUMN snapshot_digest text, ADD COLUMN shadow jsonb;
ALTER TABLE workos.sessions
  ADD COLUMN event_updated_at timestamptz, ADD COLUMN snapshot_updated_at timestamptz,
  ADD COLUMN snapshot_digest text, ADD COLUMN shadow jsonb;

CREATE FUNCTION lockstep.merge(held jsonb, came jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
  event jsonb := CASE WHEN held ->> 'event_at' IS NOT NULL THEN held END;
  snapshot jsonb := CASE
    WHEN held ->> 'snapshot_at' IS NULL THEN NULL
    WHEN jsonb_typeof(held -> 'shadow') = 'object' THEN held -> 'shadow'
    ELSE held END;
  tomb jsonb := held;
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
  IF came ->> 'deleted_at' IS NOT NULL AND (held ->> 'deleted_at' IS NULL OR
      ((came ->> 'deleted_at')::timestamptz, (came ->> 'deleted_by') COLLATE "C")
      < ((held ->> 'deleted_at')::timestamptz, (held ->> 'deleted_by') COLLATE "C")) THEN
    tomb := came;
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
    'shadow', CASE WHEN shown IS DISTINCT FROM snapshot THEN snapshot - 'shadow' END,
    'deleted_at', tomb -> 'deleted_at', 'deleted_by', tomb -> 'deleted_by');
END
$$;
COMMENT ON FUNCTION lockstep.merge(jsonb, jsonb) IS
  'Joins a mirrored row with what came for the same id. Commutative, associative and idempotent: each register is a '
  'maximum, the tombstone is the earliest one and is never taken back, and what is shown follows from the registers.';

-- Where the Events tail stands, seen from the clock of WorkOS.
ALTER TABLE lockstep.cursor ADD COLUMN event_at timestamptz;

-- One row per poll of the Events API that reached the end: every event up to "through" has a row at or below "seq".
CREATE TABLE lockstep.sync_mark (
  seq bigint NOT NULL,
  through timestamptz PRIMARY KEY
);

-- A second body under an event id that is taken is kept under a key of its own and points at the first.
ALTER TABLE lockstep.inbox ADD COLUMN conflicts_with text;
