-- The audit log is never changed, so it holds ids only. Where somebody came from and with what stands beside the session,
-- and goes with it.
CREATE VIEW app.sign_in_log WITH (security_invoker = true) AS
  SELECT a.at, a.action, a.actor, a.impersonator, substr(a.target, 9) AS session_id,
    s.user_id AS workos_user_id, s.organization_id, s.auth_method,
    coalesce(s.ip_address, n.ip_address) AS ip_address, coalesce(s.user_agent, n.user_agent) AS user_agent
  FROM app.audit_log a
  LEFT JOIN workos.sessions s ON s.id = substr(a.target, 9)
  LEFT JOIN lockstep.session_seen n ON n.session_id = substr(a.target, 9)
  WHERE a.target LIKE 'session:%'
    AND a.action IN ('auth.login', 'auth.logout', 'auth.refresh.reuse', 'session.revoked', 'session.replaced');
COMMENT ON VIEW app.sign_in_log IS
  'Who signed in and out, when, from which address and with which browser; written where LOCKSTEP_AUDIT_KEY is set.';
