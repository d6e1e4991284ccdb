-- What WorkOS did not show when it was asked, and what belonged to an organization that is gone, is asked for once more
-- before it is marked as gone.
ALTER TABLE lockstep.refetch DROP CONSTRAINT refetch_reason_check;
ALTER TABLE lockstep.refetch ADD CONSTRAINT refetch_reason_check
  CHECK (reason IN ('tie', 'partial', 'parent', 'clock', 'gone'));
COMMENT ON TABLE lockstep.refetch IS
  'Objects to fetch once more: two events of one moment, parts that events leave out, a parent that is missing, a time of change in the future, a doubt whether it is still there.';
