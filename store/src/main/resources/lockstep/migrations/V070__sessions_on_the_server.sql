-- Sessions that do not fit into a cookie, or that were chosen to stay here. The content is encrypted; the key is a digest
-- of what the cookie holds, so whoever reads this table can make no cookie from it.
CREATE TABLE lockstep.stored_session (
  key text PRIMARY KEY,
  session_id text NOT NULL,
  user_id text NOT NULL,
  sealed bytea NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX stored_session_by_session ON lockstep.stored_session (session_id);
CREATE INDEX stored_session_by_end ON lockstep.stored_session (expires_at);
COMMENT ON COLUMN lockstep.stored_session.issued_at IS
  'When the access token inside was made; an older one never replaces a newer one.';

-- Which node spends a refresh token, and the answer it left for the others, encrypted, for 30 seconds.
CREATE TABLE lockstep.refresh_flight (
  flight text PRIMARY KEY,
  ticket text NOT NULL,
  until timestamptz NOT NULL,
  sealed bytea
);
CREATE INDEX refresh_flight_by_end ON lockstep.refresh_flight (until);
COMMENT ON COLUMN lockstep.refresh_flight.until IS
  'The end of the claim while sealed is null, then the end of the answer.';

-- Sessions that were ended here. WorkOS tells of them too, later; every node must know within a second.
CREATE TABLE lockstep.ended_session (
  session_id text PRIMARY KEY,
  ended_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ended_session_by_age ON lockstep.ended_session (ended_at);
CALL lockstep.watch('lockstep.ended_session', 'session_id');

-- When and from where a session was last used, written in batches, at most every few minutes a session.
CREATE TABLE lockstep.session_seen (
  session_id text PRIMARY KEY,
  seen_at timestamptz NOT NULL,
  ip_address text,
  user_agent text
);
CREATE INDEX session_seen_by_age ON lockstep.session_seen (seen_at);

-- Sessions that WorkOS has still to be told about; tried again until it knows.
CREATE TABLE lockstep.session_to_revoke (
  session_id text PRIMARY KEY,
  tell_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0
);
CREATE INDEX session_to_revoke_due ON lockstep.session_to_revoke (tell_at);
