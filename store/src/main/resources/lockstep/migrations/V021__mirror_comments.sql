-- What every column of the mirror means, where it did not say so yet.
COMMENT ON TABLE workos.users IS 'A user.';
COMMENT ON COLUMN workos.users.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.users.email IS 'The address; two users may show the same one for a while.';
COMMENT ON COLUMN workos.users.email_verified IS 'Whether the address was proven.';
COMMENT ON COLUMN workos.users.first_name IS 'Or null.';
COMMENT ON COLUMN workos.users.last_name IS 'Or null.';
COMMENT ON COLUMN workos.users.name IS 'The whole name, or null.';
COMMENT ON COLUMN workos.users.profile_picture_url IS 'Or null.';
COMMENT ON COLUMN workos.users.external_id IS 'The id that the application gave at WorkOS, or null.';
COMMENT ON COLUMN workos.users.locale IS 'Or null.';
COMMENT ON COLUMN workos.users.last_sign_in_at IS 'As the object said when it last came; changes at WorkOS without an event.';
COMMENT ON COLUMN workos.users.metadata IS 'What the application stored at WorkOS, or null.';
COMMENT ON TABLE workos.organizations IS 'An organization.';
COMMENT ON COLUMN workos.organizations.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.organizations.name IS 'What people read.';
COMMENT ON COLUMN workos.organizations.external_id IS 'The id that the application gave at WorkOS, or null.';
COMMENT ON COLUMN workos.organizations.domains IS 'Its domains as the organization shows them; see organization_domains.';
COMMENT ON COLUMN workos.organizations.metadata IS 'What the application stored at WorkOS, or null.';
COMMENT ON TABLE workos.organization_memberships IS 'That a user belongs to an organization. Who leaves and returns gets a new one.';
COMMENT ON COLUMN workos.organization_memberships.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.organization_memberships.user_id IS 'The user; the membership goes with them.';
COMMENT ON COLUMN workos.organization_memberships.organization_id IS 'The organization; the membership goes with it.';
COMMENT ON COLUMN workos.organization_memberships.status IS 'active, inactive or pending; only active gives rights.';
COMMENT ON COLUMN workos.organization_memberships.role_slugs IS 'The slugs of the roles.';
COMMENT ON COLUMN workos.organization_memberships.directory_managed IS 'Whether a directory decides over it.';
COMMENT ON COLUMN workos.organization_memberships.custom_attributes IS 'What a directory or the application attached, or null.';
COMMENT ON COLUMN workos.sessions.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.sessions.user_id IS 'The user; the session goes with them.';
COMMENT ON COLUMN workos.sessions.organization_id IS 'The organization signed in to, or null.';
COMMENT ON COLUMN workos.sessions.auth_method IS 'How the user signed in.';
COMMENT ON COLUMN workos.sessions.status IS 'active, revoked or expired, as last said.';
COMMENT ON COLUMN workos.sessions.ip_address IS 'From where, or null.';
COMMENT ON COLUMN workos.sessions.user_agent IS 'With what, or null.';
COMMENT ON COLUMN workos.sessions.impersonator IS 'Who acts in the name of the user, or null.';
COMMENT ON COLUMN workos.sessions.expires_at IS 'When it ends by itself.';
COMMENT ON COLUMN workos.sessions.ended_at IS 'When it ended, or null.';

-- What all mirrored tables have is said once, in V020, and copied to the four that came before.
DO $$
DECLARE
  mirrored regclass;
  said record;
BEGIN
  FOREACH mirrored IN ARRAY ARRAY['workos.users', 'workos.organizations', 'workos.organization_memberships',
      'workos.sessions']::regclass[] LOOP
    FOR said IN
      SELECT attname, col_description(attrelid, attnum) AS words FROM pg_attribute
      WHERE attrelid = 'workos.group_members'::regclass AND attnum > 2 AND NOT attisdropped
    LOOP
      EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', mirrored, said.attname, said.words);
    END LOOP;
  END LOOP;
END
$$;

COMMENT ON TABLE workos.organization_domains IS 'A domain of an organization.';
COMMENT ON COLUMN workos.organization_domains.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.organization_domains.organization_id IS 'The organization it belongs to; it goes with it.';
COMMENT ON COLUMN workos.organization_domains.domain IS 'The domain name.';
COMMENT ON COLUMN workos.organization_domains.state IS 'For example pending, verified or failed.';
COMMENT ON COLUMN workos.organization_domains.verification_strategy IS 'How ownership is shown, for example dns or manual.';

COMMENT ON TABLE workos.roles IS 'A role of the environment. A deleted slug may come back: deletion is a state, the last version counts.';
COMMENT ON COLUMN workos.roles.slug IS 'The key; it never changes.';
COMMENT ON COLUMN workos.roles.workos_id IS 'The id at WorkOS, or null: events leave it out.';
COMMENT ON COLUMN workos.roles.name IS 'What people read, or null: events leave it out.';
COMMENT ON COLUMN workos.roles.description IS 'What people read, or null: events leave it out.';
COMMENT ON COLUMN workos.roles.resource_type_slug IS 'The kind of resource it is given on.';
COMMENT ON COLUMN workos.roles.permissions IS 'The slugs of its permissions.';

COMMENT ON TABLE workos.organization_roles IS 'A role of one organization. A deleted slug may come back: deletion is a state, the last version counts.';
COMMENT ON COLUMN workos.organization_roles.organization_id IS 'The organization; the role goes with it.';
COMMENT ON COLUMN workos.organization_roles.slug IS 'Unique within the organization; it never changes.';
COMMENT ON COLUMN workos.organization_roles.workos_id IS 'The id at WorkOS, or null.';
COMMENT ON COLUMN workos.organization_roles.name IS 'What people read.';
COMMENT ON COLUMN workos.organization_roles.description IS 'What people read, or null.';
COMMENT ON COLUMN workos.organization_roles.resource_type_slug IS 'The kind of resource it is given on.';
COMMENT ON COLUMN workos.organization_roles.permissions IS 'The slugs of its permissions.';

COMMENT ON TABLE workos.permissions IS 'A permission. A deleted slug may come back: deletion is a state, the last version counts.';
COMMENT ON COLUMN workos.permissions.slug IS 'The key; it never changes.';
COMMENT ON COLUMN workos.permissions.workos_id IS 'The id at WorkOS; a slug that comes back has a new one.';
COMMENT ON COLUMN workos.permissions.name IS 'What people read.';
COMMENT ON COLUMN workos.permissions.description IS 'What people read, or null.';
COMMENT ON COLUMN workos.permissions.resource_type_slug IS 'The kind of resource it is about.';
COMMENT ON COLUMN workos.permissions.system IS 'Whether WorkOS itself made it.';

COMMENT ON TABLE workos.invitations IS 'An invitation. It stays when it is over, and when its organization is gone: it is history.';
COMMENT ON COLUMN workos.invitations.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.invitations.email IS 'Who was invited.';
COMMENT ON COLUMN workos.invitations.state IS 'pending, accepted, expired or revoked, as last said; expiry sends no event, see expires_at.';
COMMENT ON COLUMN workos.invitations.organization_id IS 'Where to, or null.';
COMMENT ON COLUMN workos.invitations.inviter_user_id IS 'Who invited, or null.';
COMMENT ON COLUMN workos.invitations.accepted_user_id IS 'Who accepted, or null.';
COMMENT ON COLUMN workos.invitations.role_slug IS 'The role that comes with it, or null.';
COMMENT ON COLUMN workos.invitations.accepted_at IS 'When it was accepted, or null.';
COMMENT ON COLUMN workos.invitations.revoked_at IS 'When it was taken back, or null.';
COMMENT ON COLUMN workos.invitations.expires_at IS 'When it ends by itself.';

COMMENT ON TABLE workos.directories IS 'A connected directory. Its deletion takes users, groups and their pairs along, which WorkOS does not say.';
COMMENT ON COLUMN workos.directories.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.directories.organization_id IS 'The organization, or null.';
COMMENT ON COLUMN workos.directories.type IS 'The kind of provider.';
COMMENT ON COLUMN workos.directories.state IS 'For example linked, validating, invalid_credentials, unlinked or deleting.';
COMMENT ON COLUMN workos.directories.name IS 'What people read.';
COMMENT ON COLUMN workos.directories.external_key IS 'The key towards the provider, or null: a deletion leaves it out.';
COMMENT ON COLUMN workos.directories.domains IS 'Its domains as WorkOS lists them, or null: a deletion leaves them out.';

COMMENT ON TABLE workos.directory_users IS 'A person in a directory. Who leaves and returns gets a new id.';
COMMENT ON COLUMN workos.directory_users.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.directory_users.directory_id IS 'The directory; the person goes with it.';
COMMENT ON COLUMN workos.directory_users.organization_id IS 'The organization, or null.';
COMMENT ON COLUMN workos.directory_users.idp_id IS 'The id at the provider.';
COMMENT ON COLUMN workos.directory_users.email IS 'The primary e-mail address, or null.';
COMMENT ON COLUMN workos.directory_users.state IS 'active, suspended or inactive.';
COMMENT ON COLUMN workos.directory_users.first_name IS 'Or null.';
COMMENT ON COLUMN workos.directory_users.last_name IS 'Or null.';
COMMENT ON COLUMN workos.directory_users.name IS 'The whole name, or null.';
COMMENT ON COLUMN workos.directory_users.username IS 'The name to sign in with at the provider, or null.';
COMMENT ON COLUMN workos.directory_users.job_title IS 'Or null.';
COMMENT ON COLUMN workos.directory_users.role_slugs IS 'The slugs of the roles that the directory gives.';
COMMENT ON COLUMN workos.directory_users.emails IS 'All addresses as the provider lists them, or null.';
COMMENT ON COLUMN workos.directory_users.custom_attributes IS 'The attributes that were mapped, or null.';
COMMENT ON COLUMN workos.directory_users.raw_attributes IS 'What the provider sent, or null.';

COMMENT ON TABLE workos.directory_groups IS 'A group in a directory. Its deletion takes its pairs along, which WorkOS does not say.';
COMMENT ON COLUMN workos.directory_groups.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.directory_groups.directory_id IS 'The directory; the group goes with it.';
COMMENT ON COLUMN workos.directory_groups.organization_id IS 'The organization, or null.';
COMMENT ON COLUMN workos.directory_groups.idp_id IS 'The id at the provider.';
COMMENT ON COLUMN workos.directory_groups.name IS 'What people read.';
COMMENT ON COLUMN workos.directory_groups.raw_attributes IS 'What the provider sent, or null.';

COMMENT ON TABLE workos.directory_group_members IS 'That a person is in a group of a directory. A pair may come back: the last version counts.';
COMMENT ON COLUMN workos.directory_group_members.directory_group_id IS 'The group; the pair goes with it.';
COMMENT ON COLUMN workos.directory_group_members.directory_user_id IS 'The person; the pair goes with them.';
COMMENT ON COLUMN workos.directory_group_members.directory_id IS 'The directory; the pair goes with it.';

COMMENT ON TABLE workos.connections IS 'A connection for single sign-on.';
COMMENT ON COLUMN workos.connections.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.connections.connection_type IS 'The kind of provider.';
COMMENT ON COLUMN workos.connections.organization_id IS 'The organization, or null.';
COMMENT ON COLUMN workos.connections.name IS 'What people read.';
COMMENT ON COLUMN workos.connections.state IS 'For example active or inactive.';
COMMENT ON COLUMN workos.connections.external_key IS 'The key towards the provider, or null: a deletion leaves it out.';
COMMENT ON COLUMN workos.connections.domains IS 'Its domains as WorkOS lists them, or null: a deletion leaves them out.';

COMMENT ON TABLE workos.groups IS 'A group of memberships of an organization. Its deletion takes its pairs along.';
COMMENT ON COLUMN workos.groups.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.groups.organization_id IS 'The organization; the group goes with it.';
COMMENT ON COLUMN workos.groups.name IS 'What people read.';
COMMENT ON COLUMN workos.groups.description IS 'What people read, or null.';

COMMENT ON TABLE workos.group_members IS 'That a membership is in a group. A pair may come back: the last version counts.';
COMMENT ON COLUMN workos.group_members.group_id IS 'The group; the pair goes with it.';
COMMENT ON COLUMN workos.group_members.organization_membership_id IS 'The membership; the pair goes with it.';

COMMENT ON TABLE workos.feature_flags IS 'A feature flag as it is defined; for whom it is on, WorkOS decides.';
COMMENT ON COLUMN workos.feature_flags.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.feature_flags.slug IS 'The name in code; a deleted one may come back under another id.';
COMMENT ON COLUMN workos.feature_flags.name IS 'What people read.';
COMMENT ON COLUMN workos.feature_flags.description IS 'What people read, or null.';
COMMENT ON COLUMN workos.feature_flags.tags IS 'Its tags.';
COMMENT ON COLUMN workos.feature_flags.enabled IS 'Whether it is in use at all.';
COMMENT ON COLUMN workos.feature_flags.default_value IS 'Its value where no rule says otherwise.';

COMMENT ON TABLE workos.api_keys IS 'An API key of a customer, never its value. Revoked is deleted.';
COMMENT ON COLUMN workos.api_keys.id IS 'The id at WorkOS, used once.';
COMMENT ON COLUMN workos.api_keys.owner_type IS 'organization or user.';
COMMENT ON COLUMN workos.api_keys.owner_id IS 'The id of the owner; the key goes with it.';
COMMENT ON COLUMN workos.api_keys.organization_id IS 'The organization of a key that a user owns, or null; the key goes with it.';
COMMENT ON COLUMN workos.api_keys.name IS 'What people read.';
COMMENT ON COLUMN workos.api_keys.obfuscated_value IS 'A few characters to recognise it by.';
COMMENT ON COLUMN workos.api_keys.permissions IS 'The slugs of its permissions.';
COMMENT ON COLUMN workos.api_keys.last_used_at IS 'As far as WorkOS has said, or null.';
COMMENT ON COLUMN workos.api_keys.expires_at IS 'When it ends by itself, or null.';

COMMENT ON TABLE workos.authentication_events IS 'Every attempt to sign in that WorkOS told of. Rows are only added.';
COMMENT ON COLUMN workos.authentication_events.event_id IS 'The id of the event.';
COMMENT ON COLUMN workos.authentication_events.type IS 'The name of the event, for example authentication.password_failed.';
COMMENT ON COLUMN workos.authentication_events.occurred_at IS 'When it happened at WorkOS.';
COMMENT ON COLUMN workos.authentication_events.method IS 'The way of signing in, as the payload names it, or null.';
COMMENT ON COLUMN workos.authentication_events.status IS 'succeeded, failed or what WorkOS says, or null.';
COMMENT ON COLUMN workos.authentication_events.user_id IS 'Who, or null: a failed attempt may belong to nobody.';
COMMENT ON COLUMN workos.authentication_events.email IS 'The address that was tried, or null.';
COMMENT ON COLUMN workos.authentication_events.ip_address IS 'From where, or null.';
COMMENT ON COLUMN workos.authentication_events.user_agent IS 'With what, or null.';
COMMENT ON COLUMN workos.authentication_events.error IS 'Why it failed, or null.';
COMMENT ON COLUMN workos.authentication_events.sso IS 'The connection and session of a single sign-on, or null.';
COMMENT ON COLUMN workos.authentication_events.raw IS 'The payload as it came, without secrets.';
COMMENT ON COLUMN workos.authentication_events.context IS 'What WorkOS says about the circumstances.';
COMMENT ON COLUMN workos.authentication_events.source IS 'Which of webhook and tail brought it first.';
COMMENT ON COLUMN workos.authentication_events.recorded_at IS 'When it was recorded here.';

COMMENT ON TABLE workos.event_log IS 'Every other event that leaves no object behind. Rows are only added.';
COMMENT ON COLUMN workos.event_log.event_id IS 'The id of the event.';
COMMENT ON COLUMN workos.event_log.type IS 'The name of the event.';
COMMENT ON COLUMN workos.event_log.occurred_at IS 'When it happened at WorkOS.';
COMMENT ON COLUMN workos.event_log.object_id IS 'The id in the payload, or null.';
COMMENT ON COLUMN workos.event_log.organization_id IS 'The organization in the payload, or null.';
COMMENT ON COLUMN workos.event_log.user_id IS 'The user in the payload, or null.';
COMMENT ON COLUMN workos.event_log.raw IS 'The payload as it came, without secrets.';
COMMENT ON COLUMN workos.event_log.context IS 'What WorkOS says about the circumstances.';
COMMENT ON COLUMN workos.event_log.source IS 'Which of webhook and tail brought it first.';
COMMENT ON COLUMN workos.event_log.recorded_at IS 'When it was recorded here.';

COMMENT ON VIEW workos.directory_group_members_live IS
  'A pair takes effect when its group and its person are there; it may be stored before.';
COMMENT ON VIEW workos.group_members_live IS
  'A pair takes effect when its group and its membership are there; it may be stored before.';
COMMENT ON VIEW workos.roles_live IS
  'Names and descriptions come from the newest snapshot while an event is shown, which leaves them out.';
