-- Who signed in lately, or not for long. Events seldom move the column, so updates by events still leave the indexes alone.
CREATE INDEX users_by_last_sign_in ON workos.users (last_sign_in_at) WHERE last_sign_in_at IS NOT NULL;
