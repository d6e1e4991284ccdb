-- How the rate budgets of all processes that call WorkOS stand; each writes its own every few seconds.
CREATE TABLE lockstep.rate_budget (
  process uuid NOT NULL,
  scope text NOT NULL,
  label text NOT NULL,
  per_second double precision NOT NULL,
  full_per_second double precision NOT NULL,
  left_over double precision NOT NULL,
  used bigint NOT NULL,
  waiting integer NOT NULL,
  refused_at timestamptz,
  retry_after_millis bigint,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (process, scope)
);
COMMENT ON TABLE lockstep.rate_budget IS
  'How the rate budgets of each process stand: one for the environment, one for each directory that is walked. Only for operators to look at.';
COMMENT ON COLUMN lockstep.rate_budget.scope IS 'environment, or the id of a directory';
COMMENT ON COLUMN lockstep.rate_budget.label IS 'What the process does: server, backfill, reconcile';
COMMENT ON COLUMN lockstep.rate_budget.per_second IS 'Calls a second at present; less than full_per_second after a 429';
COMMENT ON COLUMN lockstep.rate_budget.left_over IS 'Calls that could have started at once';
COMMENT ON COLUMN lockstep.rate_budget.used IS 'Calls let through since the process began';
COMMENT ON COLUMN lockstep.rate_budget.refused_at IS 'The last 429';
COMMENT ON COLUMN lockstep.rate_budget.retry_after_millis IS 'How long WorkOS asked to wait then';
