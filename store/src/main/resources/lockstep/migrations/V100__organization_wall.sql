-- The second wall between organizations: live queries read as the role lockstep_reader, and for it the database shows only
-- rows of the organization that the transaction names in lockstep.organization: '*' names all, nothing names none.
-- Every other role sees what it saw before.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lockstep_reader') THEN
    CREATE ROLE lockstep_reader NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN
    NULL; -- Another database of the same server has just made it.
  WHEN insufficient_privilege THEN
    RAISE WARNING 'The role lockstep_reader cannot be made; an administrator can: CREATE ROLE lockstep_reader NOLOGIN';
END
$$;
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'lockstep_reader')
    AND NOT pg_has_role(current_user, 'lockstep_reader', 'MEMBER') THEN
    EXECUTE format('GRANT lockstep_reader TO %I', current_user);
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE WARNING 'lockstep_reader cannot be granted to %; an administrator can', current_user;
END
$$;

CREATE FUNCTION lockstep.sees(organization text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT current_setting('lockstep.organization', true) IN ('*', organization)
$$;
COMMENT ON FUNCTION lockstep.sees(text) IS 'Whether this transaction may see rows of an organization; see lockstep.guard.';

CREATE PROCEDURE lockstep.guard(guarded regclass, organization text) LANGUAGE plpgsql AS $$
BEGIN
  -- A table with policies of its own keeps them: this one would let everybody past.
  IF NOT (SELECT relrowsecurity FROM pg_class WHERE oid = guarded) THEN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('CREATE POLICY lockstep_everybody ON %s USING (true) WITH CHECK (true)', guarded);
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'lockstep_reader') THEN
    EXECUTE format('DROP POLICY IF EXISTS lockstep_organization ON %s', guarded);
    EXECUTE format('CREATE POLICY lockstep_organization ON %s AS RESTRICTIVE FOR SELECT TO lockstep_reader
      USING (lockstep.sees(%I))', guarded, organization);
  END IF;
END
$$;
COMMENT ON PROCEDURE lockstep.guard(regclass, text) IS
  'Puts a table behind the wall between organizations. organization: the column that says whose a row is.';

CREATE PROCEDURE lockstep.show(shown regclass) LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'lockstep_reader') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO lockstep_reader',
      (SELECT c.relnamespace::regnamespace FROM pg_class c WHERE c.oid = shown));
    EXECUTE format('GRANT SELECT ON %s TO lockstep_reader', shown);
  END IF;
END
$$;
COMMENT ON PROCEDURE lockstep.show(regclass) IS
  'Lets live queries read a table or a view. Watching a table shows it too.';

-- A view must not look past the wall with the rights of its owner.
DO $$
DECLARE
  seen record;
BEGIN
  FOR seen IN
    SELECT c.oid::regclass AS relation, c.relkind, c.relnamespace::regnamespace::text AS space FROM pg_class c
    WHERE c.relkind IN ('r', 'v') AND (c.relnamespace IN ('workos'::regnamespace, 'app'::regnamespace)
      OR c.oid = 'lockstep.session_seen'::regclass)
  LOOP
    IF seen.relkind = 'v' THEN
      EXECUTE format('ALTER VIEW %s SET (security_invoker = true)', seen.relation);
    END IF;
    CALL lockstep.show(seen.relation);
  END LOOP;
  FOR seen IN
    SELECT a.attrelid::regclass AS relation FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND a.attname = 'organization_id' AND NOT a.attisdropped
      AND c.relnamespace IN ('workos'::regnamespace, 'app'::regnamespace)
  LOOP
    CALL lockstep.guard(seen.relation, 'organization_id');
  END LOOP;
  CALL lockstep.guard('workos.organizations', 'id');
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'lockstep_reader') THEN
    ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO lockstep_reader;
  END IF;
END
$$;

-- Watching a table also shows it to live queries, and puts it behind the wall when it says whose its rows are.
CREATE OR REPLACE PROCEDURE lockstep.watch(watched regclass, VARIADIC keys text[]) LANGUAGE plpgsql AS $$
DECLARE
  args text := (SELECT string_agg(quote_literal(k), ', ') FROM unnest(keys) k);
  unknown text := (
    SELECT string_agg(k, ', ') FROM unnest(keys) k
    WHERE NOT EXISTS (
      SELECT FROM pg_attribute WHERE attrelid = watched AND attname = k AND attnum > 0 AND NOT attisdropped));
BEGIN
  IF args IS NULL OR unknown IS NOT NULL THEN
    RAISE EXCEPTION 'lockstep.watch(%): name existing key columns, not (%)', watched, unknown
      USING ERRCODE = 'undefined_column';
  END IF;
  EXECUTE format('DROP TRIGGER IF EXISTS lockstep_change ON %s', watched);
  EXECUTE format('DROP TRIGGER IF EXISTS lockstep_change_insert ON %s', watched);
  EXECUTE format('DROP TRIGGER IF EXISTS lockstep_change_delete ON %s', watched);
  EXECUTE format('CREATE TRIGGER lockstep_change AFTER INSERT OR UPDATE OR DELETE ON %s
    FOR EACH ROW EXECUTE FUNCTION lockstep.record_change(%s)', watched, args);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER lockstep_change', watched);
  EXECUTE format('DROP TRIGGER IF EXISTS lockstep_truncate ON %s', watched);
  EXECUTE format('CREATE TRIGGER lockstep_truncate AFTER TRUNCATE ON %s
    FOR EACH STATEMENT EXECUTE FUNCTION lockstep.record_change()', watched);
  CALL lockstep.show(watched);
  IF EXISTS (SELECT FROM pg_attribute
    WHERE attrelid = watched AND attname = 'organization_id' AND NOT attisdropped) THEN
    CALL lockstep.guard(watched, 'organization_id');
  END IF;
END
$$;
