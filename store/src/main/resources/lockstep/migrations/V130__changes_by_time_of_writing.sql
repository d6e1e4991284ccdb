-- Where every write sets applied_at, a row whose applied_at moved has changed, and need not be compared column by column:
-- then only keys are copied out of an updated row instead of the whole of it, several times. Keys that are texts are put
-- together without asking for the type of each.
CREATE OR REPLACE PROCEDURE lockstep.watch_bulk(watched regclass, VARIADIC keys text[]) LANGUAGE plpgsql AS $$
DECLARE
  name text := (SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = watched);
  recorder text := 'changes_of_' || replace(name, '.', '_');
  texts boolean := (SELECT bool_and(atttypid = 'text'::regtype) FROM pg_attribute
    WHERE attrelid = watched AND attname = ANY (keys));
  timed boolean := EXISTS (SELECT FROM pg_attribute
    WHERE attrelid = watched AND attname = 'applied_at' AND atttypid = 'timestamptz'::regtype AND NOT attisdropped);
  key_of text := (SELECT string_agg(format('%L, {row}.%I', k, k), ', ') FROM unnest(keys) k);
  updated text := $update$
        INSERT INTO lockstep.change (table_name, op, old_key, new_key)
        SELECT %2$L, 'U', %3$s, %4$s
        FROM (SELECT row_number() OVER () AS lockstep_row, r.* FROM old_rows r) o
        JOIN (SELECT row_number() OVER () AS lockstep_row, r.* FROM new_rows r) n USING (lockstep_row)
        WHERE NOT (o *= n);$update$;
BEGIN
  -- Checks the keys and takes TRUNCATE under watch; its trigger for rows is replaced below.
  CALL lockstep.watch(watched, VARIADIC keys);
  IF length(recorder) > 63 THEN
    RAISE EXCEPTION 'lockstep.watch_bulk(%): the name is too long, use lockstep.watch', watched
      USING ERRCODE = 'name_too_long';
  END IF;
  key_of := CASE WHEN texts THEN 'jsonb_object(ARRAY[' || key_of || '])' ELSE 'jsonb_build_object(' || key_of || ')' END;
  IF timed THEN
    -- Arrays are for what a batch brings; a cascade may go through millions of rows.
    updated := $update$
        IF NOT EXISTS (SELECT FROM new_rows OFFSET 10000) THEN
          SELECT array_agg(%3$s), array_agg(o.applied_at) INTO old_keys, old_times FROM old_rows o;
          SELECT array_agg(%4$s), array_agg(n.applied_at) INTO new_keys, new_times FROM new_rows n;
          IF NOT EXISTS (SELECT FROM unnest(old_times, new_times) AS t (o, n) WHERE t.o IS NOT DISTINCT FROM t.n) THEN
            INSERT INTO lockstep.change (table_name, op, old_key, new_key)
            SELECT %2$L, 'U', k.o, k.n FROM unnest(old_keys, new_keys) AS k (o, n);
            RETURN NULL;
          END IF;
        END IF;$update$ || updated;
  END IF;
  -- Both transition tables hold the rows in the order in which they were written. A plan made for one row must not be
  -- used for a thousand, so nested loops are out.
  EXECUTE format($function$
    CREATE OR REPLACE FUNCTION lockstep.%1$I() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $body$
    DECLARE
      old_keys jsonb[];
      new_keys jsonb[];
      old_times timestamptz[];
      new_times timestamptz[];
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO lockstep.change (table_name, op, new_key) SELECT %2$L, 'I', %4$s FROM new_rows n;
      ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO lockstep.change (table_name, op, old_key) SELECT %2$L, 'D', %3$s FROM old_rows o;
      ELSE$function$ || updated || $function$
      END IF;
      RETURN NULL;
    END
    $body$ $function$, recorder, name, replace(key_of, '{row}', 'o'), replace(key_of, '{row}', 'n'));
  EXECUTE format('DROP TRIGGER lockstep_change ON %s', watched);
  EXECUTE format('CREATE TRIGGER lockstep_change AFTER UPDATE ON %s
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION lockstep.%I()', watched, recorder);
  EXECUTE format('CREATE TRIGGER lockstep_change_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION lockstep.%I()', watched, recorder);
  EXECUTE format('CREATE TRIGGER lockstep_change_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION lockstep.%I()', watched, recorder);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER lockstep_change', watched);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER lockstep_change_insert', watched);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER lockstep_change_delete', watched);
END
$$;

CALL lockstep.watch_bulk('workos.users', 'id', 'email');
CALL lockstep.watch_bulk('workos.organizations', 'id');
CALL lockstep.watch_bulk('workos.organization_memberships', 'id', 'user_id', 'organization_id');
CALL lockstep.watch_bulk('workos.sessions', 'id', 'user_id');
CALL lockstep.watch_bulk('workos.organization_domains', 'id', 'organization_id');
CALL lockstep.watch_bulk('workos.roles', 'slug');
CALL lockstep.watch_bulk('workos.organization_roles', 'organization_id', 'slug');
CALL lockstep.watch_bulk('workos.permissions', 'slug');
CALL lockstep.watch_bulk('workos.invitations', 'id', 'organization_id', 'email');
CALL lockstep.watch_bulk('workos.directories', 'id', 'organization_id');
CALL lockstep.watch_bulk('workos.directory_users', 'id', 'directory_id', 'email');
CALL lockstep.watch_bulk('workos.directory_groups', 'id', 'directory_id');
CALL lockstep.watch_bulk('workos.directory_group_members', 'directory_group_id', 'directory_user_id');
CALL lockstep.watch_bulk('workos.connections', 'id', 'organization_id');
CALL lockstep.watch_bulk('workos.groups', 'id', 'organization_id');
CALL lockstep.watch_bulk('workos.group_members', 'group_id', 'organization_membership_id');
CALL lockstep.watch_bulk('workos.feature_flags', 'id', 'slug');
CALL lockstep.watch_bulk('workos.api_keys', 'id', 'owner_id');
CALL lockstep.watch_bulk('workos.authentication_events', 'event_id', 'user_id');
CALL lockstep.watch_bulk('workos.event_log', 'event_id', 'type');
