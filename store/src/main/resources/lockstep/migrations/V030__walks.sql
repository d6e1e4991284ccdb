-- Walks over everything WorkOS lists: the first fill of the mirror, and its comparison with WorkOS.
CREATE TABLE lockstep.backfill_run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('backfill', 'reconcile')),
  boundary timestamptz NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  walked_through timestamptz,
  deleted bigint NOT NULL DEFAULT 0,
  finished_at timestamptz,
  outcome text CHECK (outcome IN ('done', 'given up'))
);
CREATE UNIQUE INDEX backfill_run_open ON lockstep.backfill_run (purpose) WHERE finished_at IS NULL;
COMMENT ON COLUMN lockstep.backfill_run.boundary IS
  'Read from the clock of WorkOS before the first list call: what changed later, the Events tail brings.';
COMMENT ON COLUMN lockstep.backfill_run.walked_through IS
  'The clock of WorkOS at the last page; a row is not missed before the mirror holds every event up to here.';

CREATE TABLE lockstep.backfill_shard (
  run_id bigint NOT NULL REFERENCES lockstep.backfill_run ON DELETE CASCADE,
  kind text NOT NULL,
  scope text NOT NULL,
  position int NOT NULL,
  cursor text,
  done boolean NOT NULL DEFAULT false,
  pages bigint NOT NULL DEFAULT 0,
  seen bigint NOT NULL DEFAULT 0,
  changed bigint NOT NULL DEFAULT 0,
  unreadable bigint NOT NULL DEFAULT 0,
  failure text,
  PRIMARY KEY (run_id, kind, scope)
);
CREATE INDEX backfill_shard_next ON lockstep.backfill_shard (run_id, position, scope) WHERE NOT done;
COMMENT ON TABLE lockstep.backfill_shard IS
  'One list of WorkOS and how far it was read; the cursor moves in the transaction that stores the page. '
  'scope: the organization whose memberships it lists, or empty.';

CREATE TABLE lockstep.backfill_seen (
  run_id bigint NOT NULL REFERENCES lockstep.backfill_run ON DELETE CASCADE,
  kind text NOT NULL,
  id text NOT NULL,
  PRIMARY KEY (run_id, kind, id)
);
COMMENT ON TABLE lockstep.backfill_seen IS 'What a walk was shown; emptied when the walk is finished.';

CREATE TABLE lockstep.reconcile_verdict (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  mode text NOT NULL CHECK (mode IN ('dry run', 'fix')),
  seen bigint NOT NULL,
  missing bigint NOT NULL,
  extra bigint NOT NULL,
  stale bigint NOT NULL,
  field bigint NOT NULL,
  repaired bigint NOT NULL,
  failed bigint NOT NULL
);
COMMENT ON TABLE lockstep.reconcile_verdict IS 'What each comparison of the mirror with WorkOS found.';
