-- A refresh token that was spent long ago and comes again belongs to somebody who copied an old cookie. The claim is
-- kept for a day so that this can be told from a session that WorkOS has ended.
ALTER TABLE lockstep.refresh_flight ADD COLUMN renewed_at timestamptz;
COMMENT ON COLUMN lockstep.refresh_flight.renewed_at IS
  'When the token of this claim was traded for the next one; null when it never was.';
