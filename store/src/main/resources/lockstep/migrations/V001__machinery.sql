-- Schema lockstep: the machinery. Nothing here is the application's, nothing here mirrors WorkOS.
CREATE SCHEMA IF NOT EXISTS lockstep;

CREATE FUNCTION lockstep.uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  -- RFC 9562: 48 bits of milliseconds, then the random bits of a version 4 UUID with the version set to 7.
  SELECT encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
      52, 1), 53, 1), 'hex')::uuid
$$;
COMMENT ON FUNCTION lockstep.uuid_v7() IS 'A UUID of version 7 (PostgreSQL 18 has its own; 15 to 17 do not).';

-- The change feed. Written by triggers only; read through visibility (see store/feed).
CREATE TABLE lockstep.change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  table_name text NOT NULL,
  op char(1) NOT NULL CHECK (op IN ('I', 'U', 'D', 'T')),
  old_key jsonb,
  new_key jsonb
);
CREATE INDEX change_by_xid ON lockstep.change (xid);
COMMENT ON TABLE lockstep.change IS 'One row per changed row of a watched table; op T means the whole table.';

-- Runs with the rights of its owner, so that any role that may write a watched table is seen.
CREATE FUNCTION lockstep.record_change() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  name text := TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
  old_row jsonb;
  new_row jsonb;
  old_key jsonb;
  new_key jsonb;
  k text;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO lockstep.change (table_name, op) VALUES (name, 'T');
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    old_row := to_jsonb(OLD);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    new_row := to_jsonb(NEW);
  END IF;
  IF old_row = new_row THEN
    RETURN NULL;
  END IF;
  IF old_row IS NOT NULL THEN
    old_key := '{}';
    FOREACH k IN ARRAY TG_ARGV LOOP
      old_key := old_key || jsonb_build_object(k, old_row -> k);
    END LOOP;
  END IF;
  IF new_row IS NOT NULL THEN
    new_key := '{}';
    FOREACH k IN ARRAY TG_ARGV LOOP
      new_key := new_key || jsonb_build_object(k, new_row -> k);
    END LOOP;
  END IF;
  INSERT INTO lockstep.change (table_name, op, old_key, new_key)
  VALUES (name, left(TG_OP, 1), old_key, new_key);
  RETURN NULL;
END
$$;

CREATE PROCEDURE lockstep.watch(watched regclass, VARIADIC keys text[]) LANGUAGE plpgsql AS $$
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
  EXECUTE format('CREATE TRIGGER lockstep_change AFTER INSERT OR UPDATE OR DELETE ON %s
    FOR EACH ROW EXECUTE FUNCTION lockstep.record_change(%s)', watched, args);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER lockstep_change', watched);
  EXECUTE format('DROP TRIGGER IF EXISTS lockstep_truncate ON %s', watched);
  EXECUTE format('CREATE TRIGGER lockstep_truncate AFTER TRUNCATE ON %s
    FOR EACH STATEMENT EXECUTE FUNCTION lockstep.record_change()', watched);
END
$$;
COMMENT ON PROCEDURE lockstep.watch(regclass, text[]) IS
  'Puts a table under the change feed. keys: the columns (primary key and index keys) that each change row carries.';

-- The epoch of the clock that all nodes share: ts = epoch * 2^48 + pg_snapshot_xmax.
CREATE TABLE lockstep.clock (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch int NOT NULL CHECK (epoch BETWEEN 1 AND 32767),
  server_started_at timestamptz NOT NULL
);

-- Where each reader of the feed stands. Durable readers (audit, notify) move in the transaction of their effects.
CREATE TABLE lockstep.feed_reader (
  name text PRIMARY KEY,
  position pg_snapshot NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
-- Nodes that hold sockets; the feed is pruned behind the slowest one that is alive.
CREATE TABLE lockstep.node (
  id uuid PRIMARY KEY,
  position pg_snapshot NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now()
);

-- Both mouths (webhook and Events tail) feed this one throat.
CREATE TABLE lockstep.inbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event_id text NOT NULL UNIQUE,
  source text NOT NULL CHECK (source IN ('webhook', 'tail', 'replay')),
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sha256 bytea NOT NULL,
  body bytea NOT NULL,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'ignored', 'retry', 'parked')),
  event_type text,
  attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  reason text
);
CREATE INDEX inbox_due ON lockstep.inbox (next_at, seq) WHERE state IN ('new', 'retry');
CREATE INDEX inbox_parked ON lockstep.inbox (seq) WHERE state = 'parked';
COMMENT ON TABLE lockstep.inbox IS 'Every event as received, raw. Acked means it is in here.';

-- One holder at a time, with a fencing token that only grows.
CREATE TABLE lockstep.lease (
  name text PRIMARY KEY,
  holder uuid NOT NULL,
  token bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
-- The Events tail's cursor: the last event id stored, moved only by API pages, in their transaction.
CREATE TABLE lockstep.cursor (
  name text PRIMARY KEY,
  event_id text,
  boundary timestamptz,
  lease_token bigint NOT NULL DEFAULT 0,
  polled_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Replies of live mutations: the row is written in the mutation's own transaction, so a replay finds it.
CREATE TABLE lockstep.live_request (
  identity text NOT NULL,
  client_session uuid NOT NULL,
  request_id bigint NOT NULL,
  result jsonb,
  ts bigint NOT NULL DEFAULT 0,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (identity, client_session, request_id)
);
CREATE INDEX live_request_by_age ON lockstep.live_request (at);
