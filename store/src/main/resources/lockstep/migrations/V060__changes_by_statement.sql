-- Tables that are written many rows at a time record their changes once per statement instead of once per row, with a
-- function of their own that names the key columns: a quarter of the work. What lands in the feed is the same.
CREATE PROCEDURE lockstep.watch_bulk(watched regclass, VARIADIC keys text[]) LANGUAGE plpgsql AS $$
DECLARE
  name text := (SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = watched);
  recorder text := 'changes_of_' || replace(name, '.', '_');
  key_of text := (SELECT string_agg(format('%L, {row}.%I', k, k), ', ') FROM unnest(keys) k);
BEGIN
  -- Checks the keys and takes TRUNCATE under watch; its trigger for rows is replaced below.
  CALL lockstep.watch(watched, VARIADIC keys);
  IF length(recorder) > 63 THEN
    RAISE EXCEPTION 'lockstep.watch_bulk(%): the name is too long, use lockstep.watch', watched
      USING ERRCODE = 'name_too_long';
  END IF;
  -- Both transition tables hold the rows in the order in which they were written. A plan made for one row must not be
  -- used for a thousand, so nested loops are out.
  EXECUTE format($function$
    CREATE OR REPLACE FUNCTION lockstep.%1$I() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $body$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO lockstep.change (table_name, op, new_key)
        SELECT %2$L, 'I', jsonb_build_object(%4$s) FROM new_rows n;
      ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO lockstep.change (table_name, op, old_key)
        SELECT %2$L, 'D', jsonb_build_object(%3$s) FROM old_rows o;
      ELSE
        INSERT INTO lockstep.change (table_name, op, old_key, new_key)
        SELECT %2$L, 'U', jsonb_build_object(%3$s), jsonb_build_object(%4$s)
        FROM (SELECT row_number() OVER () AS lockstep_row, r.* FROM old_rows r) o
        JOIN (SELECT row_number() OVER () AS lockstep_row, r.* FROM new_rows r) n USING (lockstep_row)
        WHERE NOT (o *= n);
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
COMMENT ON PROCEDURE lockstep.watch_bulk(regclass, text[]) IS
  'Like lockstep.watch, for tables that are written many rows at a time. Watch the table again after renaming a key '
  'column; partitions and inheritance children need lockstep.watch.';

-- Watching a table again replaces whatever watched it before.
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
END
$$;

-- The mirror is written in batches.
DO $$
DECLARE
  mirrored record;
BEGIN
  FOR mirrored IN
    SELECT t.tgrelid::regclass AS watched, string_to_array(rtrim(encode(t.tgargs, 'escape'), '\000'), '\000') AS keys
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'workos'::regnamespace AND c.relkind = 'r' AND t.tgname = 'lockstep_change'
  LOOP
    CALL lockstep.watch_bulk(mirrored.watched, VARIADIC mirrored.keys);
  END LOOP;
END
$$;

-- Room in each page for the next version of a row: an update that changes no indexed column then leaves the indexes alone.
DO $$
DECLARE
  mirrored regclass;
BEGIN
  FOR mirrored IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'workos'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('ALTER TABLE %s SET (fillfactor = 80)', mirrored);
  END LOOP;
END
$$;
