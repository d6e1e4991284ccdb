-- The planner takes a comparison with a setting for one row in two hundred, and then sorts where it should walk an index. It
-- takes coalesce for one in two, which is near the truth behind a condition on the same column.
CREATE OR REPLACE FUNCTION lockstep.sees(organization text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('lockstep.organization', true) IN ('*', organization), false)
$$;
