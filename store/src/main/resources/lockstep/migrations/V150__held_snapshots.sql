-- Which moments of the feed's clock some node holds open for readers, so that every node can read at them. Unlogged: after a
-- crash no snapshot is left that a row could name.
CREATE UNLOGGED TABLE lockstep.held_snapshot (
  ts bigint PRIMARY KEY,
  name text NOT NULL,
  opened_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE lockstep.held_snapshot IS
  'Snapshots that nodes hold open for consistent queries, each for at most half a minute; rows go some minutes later.';
COMMENT ON COLUMN lockstep.held_snapshot.ts IS 'The clock of the feed at the snapshot';
COMMENT ON COLUMN lockstep.held_snapshot.name IS 'What pg_export_snapshot() returned in the transaction that holds it';
