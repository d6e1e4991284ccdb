-- Listeners hear of every mirrored table and of both logs.
CALL lockstep.announce('workos.organization_domains', 'organization_domain.created', 'organization_domain.updated',
  'organization_domain.deleted', 'id');
CALL lockstep.announce('workos.roles', 'role.created', 'role.updated', 'role.deleted', 'slug');
CALL lockstep.announce('workos.organization_roles', 'organization_role.created', 'organization_role.updated',
  'organization_role.deleted', 'organization_id', 'slug');
CALL lockstep.announce('workos.permissions', 'permission.created', 'permission.updated', 'permission.deleted', 'slug');
CALL lockstep.announce('workos.invitations', 'invitation.created', 'invitation.updated', '', 'id');
CALL lockstep.announce('workos.directories', 'dsync.activated', 'dsync.updated', 'dsync.deleted', 'id');
CALL lockstep.announce('workos.directory_users', 'dsync.user.created', 'dsync.user.updated', 'dsync.user.deleted', 'id');
CALL lockstep.announce('workos.directory_groups', 'dsync.group.created', 'dsync.group.updated', 'dsync.group.deleted', 'id');
CALL lockstep.announce('workos.directory_group_members', 'dsync.group.user_added', '', 'dsync.group.user_removed',
  'directory_group_id', 'directory_user_id');
CALL lockstep.announce('workos.connections', '*', 'connection.updated', 'connection.deleted', 'id');
CALL lockstep.announce('workos.groups', 'group.created', 'group.updated', 'group.deleted', 'id');
CALL lockstep.announce('workos.group_members', 'group.member_added', '', 'group.member_removed', 'group_id',
  'organization_membership_id');
CALL lockstep.announce('workos.feature_flags', 'flag.created', 'flag.updated', 'flag.deleted', 'id');
CALL lockstep.announce('workos.api_keys', 'api_key.created', 'api_key.updated', 'api_key.revoked', 'id');

-- A log has no state that could change: each event is told by its own name, once.
CREATE FUNCTION lockstep.record_logged() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.event_id = ANY (string_to_array(current_setting('lockstep.quiet', true), ' ')) THEN
    RETURN NULL;
  END IF;
  PERFORM lockstep.tell(NEW.type, NEW.type || '/' || NEW.event_id, NEW.event_id, NEW.event_id, NEW.occurred_at, NULL,
    NEW.raw);
  RETURN NULL;
END
$$;
CREATE TRIGGER lockstep_tell AFTER INSERT ON workos.authentication_events FOR EACH ROW
  WHEN (current_setting('lockstep.loud', true) = 'on') EXECUTE FUNCTION lockstep.record_logged();
CREATE TRIGGER lockstep_tell AFTER INSERT ON workos.event_log FOR EACH ROW
  WHEN (current_setting('lockstep.loud', true) = 'on') EXECUTE FUNCTION lockstep.record_logged();
