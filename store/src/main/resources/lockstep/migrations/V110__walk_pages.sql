-- What a walk was shown is kept as one row for all keys of a few pages instead of a row, an index entry and the check of
-- a foreign key for each: it is read once, at the end, and as a whole.
CREATE TABLE lockstep.walk_page (
  walk_id bigint NOT NULL REFERENCES lockstep.walk ON DELETE CASCADE,
  kind text NOT NULL,
  keys text[] NOT NULL
);
CREATE INDEX walk_page_of_walk ON lockstep.walk_page (walk_id, kind);
COMMENT ON TABLE lockstep.walk_page IS 'What a walk was shown; emptied when the walk is finished.';
INSERT INTO lockstep.walk_page (walk_id, kind, keys)
SELECT walk_id, kind, array_agg(key) FROM lockstep.walk_seen GROUP BY walk_id, kind, hashtext(key) % 10000;
DROP TABLE lockstep.walk_seen;
