-- WorkOS moves last_sign_in_at of a user without an event; the newest session says it earlier.
-- Replacing a view takes its options away, so the one that keeps organizations apart is named again.
CREATE OR REPLACE VIEW app.users WITH (security_invoker = true) AS
  SELECT a.id, u.id AS workos_user_id, u.email, u.email_verified, u.first_name, u.last_name,
    coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.name, u.email) AS display_name,
    u.profile_picture_url, coalesce(p.avatar_url, u.profile_picture_url) AS avatar_url,
    p.bio, p.timezone, p.preferences, p.usertag, u.created_at, u.updated_at, u.deleted_at IS NULL AS is_active,
    greatest(u.last_sign_in_at, (SELECT max(s.created_at) FROM workos.sessions s WHERE s.user_id = u.id))
      AS last_sign_in_at
  FROM workos.users u
  LEFT JOIN app.accounts a ON a.workos_user_id = u.id
  LEFT JOIN app.profiles p ON p.account_id = a.id;
COMMENT ON COLUMN app.users.last_sign_in_at IS
  'What WorkOS says, or the beginning of the newest mirrored session where that is later.';
