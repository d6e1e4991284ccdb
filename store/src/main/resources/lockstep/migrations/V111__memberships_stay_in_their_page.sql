-- As for users and sessions: an index on the time of writing made every update of a membership write to all indexes of
-- the table. What is gone goes by when it went; what is there and gives no rights is little, and is looked through.
DROP INDEX workos.memberships_ended;
CREATE INDEX memberships_ended ON workos.organization_memberships (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX memberships_ended_not_gone ON workos.organization_memberships (id)
  WHERE deleted_at IS NULL AND status <> 'active';
