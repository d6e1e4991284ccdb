-- An index on a column that every update changes makes each update write to all indexes of the table. Those for what
-- ended lately go by when it ended instead, which is set once.
DROP INDEX workos.users_ended;
CREATE INDEX users_ended ON workos.users (deleted_at) WHERE deleted_at IS NOT NULL;
DROP INDEX workos.sessions_ended;
CREATE INDEX sessions_ended ON workos.sessions (deleted_at) WHERE deleted_at IS NOT NULL;
