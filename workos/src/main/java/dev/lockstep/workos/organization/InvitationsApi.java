package dev.lockstep.workos.organization;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.WorkOsObject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Invitations into an organization; WorkOS sends the mail. Safe for all threads; every method blocks and throws {@code
 * WorkOsException}.
 */
public final class InvitationsApi {
    private static final String PATH = "/user_management/invitations";

    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public InvitationsApi(WorkOsClient client) {
        this.client = client;
    }

    /**
     * Whom to invite.
     *
     * @param email as the inviter typed it
     * @param role or null for WorkOS's default
     * @param inviter who is named in the mail
     */
    public record Invitee(
            String email,
            OrganizationId organization,
            @Nullable RoleSlug role,
            UserId inviter) {
        @Override
        public String toString() {
            return "Invitee[" + organization + "]";
        }
    }

    /** Sends an invitation, once, and returns it without its token. */
    public WorkOsObject send(Invitee invitee) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("email", invitee.email())
                .put("organization_id", invitee.organization().value())
                .put("inviter_user_id", invitee.inviter().value());
        if (invitee.role() != null) {
            body.put("role_slug", invitee.role().value());
        }
        return Lookup.require(client, Call.post(PATH, body), InvitationsApi::invitation);
    }

    /** Takes an invitation back and returns it as it is afterwards. */
    public WorkOsObject revoke(String id) {
        Call call = Call.post(PATH + "/" + Call.segment(id) + "/revoke", JsonNodeFactory.instance.objectNode());
        return Lookup.require(client, call, InvitationsApi::invitation);
    }

    private static WorkOsObject invitation(JsonNode json) {
        return WorkOsObject.from(ObjectKind.INVITATION, json);
    }
}
