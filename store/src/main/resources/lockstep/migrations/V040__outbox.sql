-- What the application is told. A row per listener and change, written by triggers in the transaction of the merge and
-- only while that transaction is loud (see sync/outbox); delivered after its commit.
CREATE TABLE lockstep.listener (
  name text PRIMARY KEY,
  types text[] NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE lockstep.listener IS 'Who listens to what. A listener that no node has announced for a week is told nothing new.';
COMMENT ON COLUMN lockstep.listener.types IS 'Names of changes, exact (user.created) or a family (user.*).';

CREATE TABLE lockstep.outbox (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  listener text NOT NULL,
  key text NOT NULL,
  type text NOT NULL,
  subject text NOT NULL,
  event_id text,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  before jsonb,
  after jsonb,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'retry', 'done', 'parked', 'discarded')),
  attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  reason text,
  UNIQUE (listener, key)
);
CREATE INDEX outbox_due ON lockstep.outbox (next_at, seq) WHERE state IN ('new', 'retry');
CREATE INDEX outbox_waiting ON lockstep.outbox (listener, subject, seq) WHERE state IN ('new', 'retry');
CREATE INDEX outbox_parked ON lockstep.outbox (seq) WHERE state = 'parked';
CREATE INDEX outbox_finished ON lockstep.outbox (finished_at) WHERE state IN ('done', 'discarded');
COMMENT ON COLUMN lockstep.outbox.key IS 'The same for every delivery of one change: what a listener may use to do something once.';
COMMENT ON COLUMN lockstep.outbox.subject IS 'The object. Changes of one object reach a listener in their order.';
COMMENT ON COLUMN lockstep.outbox.event_id IS 'The event that caused it; of a parent where the object went with one.';

CREATE FUNCTION lockstep.listens(types text[], told text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT told = ANY (types) OR EXISTS (
    SELECT FROM unnest(types) t WHERE right(t, 1) = '*' AND starts_with(told, left(t, -1)))
$$;

CREATE FUNCTION lockstep.tell(told text, told_key text, about text, cause text, at timestamptz, was jsonb, becomes jsonb)
RETURNS int LANGUAGE sql AS $$
  INSERT INTO lockstep.outbox (listener, key, type, subject, event_id, occurred_at, before, after)
  SELECT l.name, told_key, told, about, cause, at, was, becomes FROM lockstep.listener l
  WHERE l.seen_at > clock_timestamp() - interval '7 days' AND lockstep.listens(l.types, told)
  ON CONFLICT (listener, key) DO NOTHING;
  SELECT 1
$$;

-- What came and went within one transaction, a child of a parent that is gone, was never there for anybody.
CREATE FUNCTION lockstep.retract(about text) RETURNS void LANGUAGE sql AS $$
  DELETE FROM lockstep.outbox WHERE subject = about AND state = 'new' AND xmin = pg_current_xact_id()::xid
    AND listener IN (SELECT name FROM lockstep.listener)
$$;

-- Arguments: the names of becoming visible (* for the name of the event), changing and going, then one or two columns
-- that name the object. An empty name is not told.
-- The first event about a row that only snapshots knew counts as its creation while the object is young: snapshots tell
-- nobody, and the event of the creation itself may be the older one and change nothing any more.
CREATE FUNCTION lockstep.record_transition() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  were_there boolean := false;
  is_there boolean := NEW.deleted_at IS NULL;
  cause text := CASE WHEN NEW.deleted_at IS NULL THEN NEW.event_id ELSE NEW.deleted_by END;
  at timestamptz := coalesce(CASE WHEN NEW.deleted_at IS NULL THEN NEW.event_at ELSE NEW.deleted_at END, NEW.snapshot_at);
  was jsonb;
  about text := concat_ws('/', to_jsonb(NEW) ->> TG_ARGV[3], to_jsonb(NEW) ->> TG_ARGV[4]);
  told text;
  named text;
BEGIN
  IF cause = ANY (string_to_array(current_setting('lockstep.quiet', true), ' ')) THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF NOT is_there AND OLD.applied_at = transaction_timestamp() THEN
      PERFORM lockstep.retract(about);
      RETURN NULL;
    END IF;
    were_there := OLD.deleted_at IS NULL;
    was := OLD.raw;
    IF were_there AND is_there AND OLD.event_at IS NULL AND NEW.event_at < NEW.created_at + interval '10 minutes' THEN
      were_there := false;
    END IF;
  END IF;
  told := CASE
    WHEN is_there AND NOT were_there THEN TG_ARGV[0]
    WHEN is_there AND OLD.raw IS DISTINCT FROM NEW.raw THEN TG_ARGV[1]
    WHEN were_there AND NOT is_there THEN TG_ARGV[2] END;
  IF told IS NULL OR told = '' THEN
    RETURN NULL;
  END IF;
  IF told IN (TG_ARGV[1], '*') THEN
    -- What WorkOS calls it says more than "updated", when it says anything.
    SELECT event_type INTO named FROM lockstep.inbox WHERE event_id = cause;
    told := CASE WHEN named IS NULL OR named IN (TG_ARGV[0], TG_ARGV[2]) THEN TG_ARGV[1] ELSE named END;
  END IF;
  -- An id appears once and goes once; a slug or a pair may come back.
  PERFORM lockstep.tell(told,
    told || '/' || about || CASE WHEN told IN (TG_ARGV[0], TG_ARGV[2]) AND TG_ARGV[3] = 'id' THEN ''
      ELSE '/' || coalesce(cause, '') END,
    about, cause, at, was, NEW.raw);
  RETURN NULL;
END
$$;

-- Belonging is more than a row: only an active membership counts.
CREATE FUNCTION lockstep.record_belonging() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  belonged boolean := false;
  belongs boolean := NEW.deleted_at IS NULL AND NEW.status = 'active';
  cause text := CASE WHEN NEW.deleted_at IS NULL THEN NEW.event_id ELSE NEW.deleted_by END;
  at timestamptz := coalesce(CASE WHEN NEW.deleted_at IS NULL THEN NEW.event_at ELSE NEW.deleted_at END, NEW.snapshot_at);
  told text;
BEGIN
  IF cause = ANY (string_to_array(current_setting('lockstep.quiet', true), ' ')) THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF NEW.deleted_at IS NOT NULL AND OLD.applied_at = transaction_timestamp() THEN
      RETURN NULL;
    END IF;
    belonged := OLD.deleted_at IS NULL AND OLD.status = 'active' AND NOT (
      belongs AND OLD.event_at IS NULL AND NEW.event_at < NEW.created_at + interval '10 minutes');
  END IF;
  IF belongs IS DISTINCT FROM belonged THEN
    told := CASE WHEN belongs THEN 'user.joined_organization' ELSE 'user.left_organization' END;
    PERFORM lockstep.tell(told, told || '/' || NEW.id || '/' || coalesce(cause, ''), NEW.id, cause, at,
      CASE WHEN TG_OP = 'UPDATE' THEN OLD.raw END, NEW.raw);
  END IF;
  RETURN NULL;
END
$$;

CREATE PROCEDURE lockstep.announce(watched regclass, created text, updated text, deleted text, VARIADIC keys text[])
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('DROP TRIGGER IF EXISTS lockstep_tell ON %s', watched);
  EXECUTE format('CREATE TRIGGER lockstep_tell AFTER INSERT OR UPDATE ON %s FOR EACH ROW
    WHEN (current_setting(''lockstep.loud'', true) = ''on'') EXECUTE FUNCTION lockstep.record_transition(%s)',
    watched, (SELECT string_agg(quote_literal(a), ', ') FROM unnest(ARRAY[created, updated, deleted] || keys) a));
END
$$;
COMMENT ON PROCEDURE lockstep.announce(regclass, text, text, text, text[]) IS
  'Lets listeners hear of a mirrored table: the names of its changes, then the columns that name an object.';

CALL lockstep.announce('workos.users', 'user.created', 'user.updated', 'user.deleted', 'id');
CALL lockstep.announce('workos.organizations', 'organization.created', 'organization.updated', 'organization.deleted', 'id');
CALL lockstep.announce('workos.organization_memberships', 'organization_membership.created',
  'organization_membership.updated', 'organization_membership.deleted', 'id');
CALL lockstep.announce('workos.sessions', 'session.created', '', 'session.revoked', 'id');
CREATE TRIGGER lockstep_belonging AFTER INSERT OR UPDATE ON workos.organization_memberships FOR EACH ROW
  WHEN (current_setting('lockstep.loud', true) = 'on') EXECUTE FUNCTION lockstep.record_belonging();

-- A replayed event is applied again and tells nobody.
ALTER TABLE lockstep.inbox ADD COLUMN quiet boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN lockstep.inbox.quiet IS 'Applied without telling any listener: replayed by an operator.';
CREATE INDEX inbox_received ON lockstep.inbox USING brin (received_at);
