-- Walks over everything WorkOS lists: the first fill of the mirror, and its comparison with WorkOS.
CREATE TABLE lockstep.walk (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('backfill', 'reconcile')),
  repairs boolean NOT NULL,
  boundary timestamptz NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  deleted bigint NOT NULL DEFAULT 0,
  finished_at timestamptz,
  outcome text CHECK (outcome IN ('done', 'given up'))
);
CREATE UNIQUE INDEX walk_open ON lockstep.walk (purpose) WHERE finished_at IS NULL;
COMMENT ON COLUMN lockstep.walk.repairs IS 'Whether it writes to the mirror; otherwise it only looks.';
COMMENT ON COLUMN lockstep.walk.boundary IS
  'Read from the clock of WorkOS before the first list call: what changed later, the Events tail brings.';
COMMENT ON COLUMN lockstep.walk.deleted IS 'Rows that WorkOS does not have and that were marked as gone.';

CREATE TABLE lockstep.walk_shard (
  walk_id bigint NOT NULL REFERENCES lockstep.walk ON DELETE CASCADE,
  kind text NOT NULL,
  scope text NOT NULL,
  position int NOT NULL,
  cursor text,
  done boolean NOT NULL DEFAULT false,
  pages bigint NOT NULL DEFAULT 0,
  seen bigint NOT NULL DEFAULT 0,
  changed bigint NOT NULL DEFAULT 0,
  unreadable bigint NOT NULL DEFAULT 0,
  digest numeric NOT NULL DEFAULT 0,
  exact boolean,
  failure text,
  PRIMARY KEY (walk_id, kind, scope)
);
CREATE INDEX walk_shard_next ON lockstep.walk_shard (walk_id, position, scope) WHERE NOT done;
COMMENT ON TABLE lockstep.walk_shard IS
  'One list of WorkOS and how far it was read; the cursor moves in the transaction that stores the page. '
  'scope: what the list is of, such as an organization, or empty.';
COMMENT ON COLUMN lockstep.walk_shard.digest IS 'The sum of the hashes of what WorkOS showed; the order does not matter.';
COMMENT ON COLUMN lockstep.walk_shard.exact IS 'Whether the rows of the mirror had the same sum when the list was read.';

CREATE TABLE lockstep.walk_seen (
  walk_id bigint NOT NULL REFERENCES lockstep.walk ON DELETE CASCADE,
  kind text NOT NULL,
  key text NOT NULL,
  PRIMARY KEY (walk_id, kind, key)
);
COMMENT ON TABLE lockstep.walk_seen IS 'What a walk was shown; emptied when the walk is finished.';

CREATE TABLE lockstep.drift (
  walk_id bigint NOT NULL REFERENCES lockstep.walk ON DELETE CASCADE,
  kind text NOT NULL,
  key text NOT NULL,
  category text NOT NULL CHECK (category IN ('missing', 'extra', 'stale', 'field', 'pending')),
  fields text[] NOT NULL,
  found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  repaired boolean NOT NULL DEFAULT false,
  PRIMARY KEY (walk_id, kind, key)
);
COMMENT ON TABLE lockstep.drift IS
  'Where the mirror was not what WorkOS showed: names of columns, never values. Kept for the newest comparison only.';
COMMENT ON COLUMN lockstep.drift.category IS
  'pending is no drift: WorkOS changed it so lately that the Events tail had not promised it yet.';

CREATE TABLE lockstep.reconcile_verdict (
  walk_id bigint PRIMARY KEY,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  repairs boolean NOT NULL,
  seen bigint NOT NULL,
  missing bigint NOT NULL,
  extra bigint NOT NULL,
  stale bigint NOT NULL,
  field bigint NOT NULL,
  pending bigint NOT NULL,
  repaired bigint NOT NULL,
  failed bigint NOT NULL,
  lists bigint NOT NULL,
  lists_exact bigint NOT NULL
);
COMMENT ON TABLE lockstep.reconcile_verdict IS 'What each finished comparison of the mirror with WorkOS found.';

CREATE TABLE lockstep.reconcile_request (
  reason text PRIMARY KEY,
  asked_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE lockstep.reconcile_request IS
  'Why the mirror must be compared soon; emptied by a comparison that began later, repaired, and failed nowhere.';
