package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.MembershipRecord.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Invitations by e-mail. They expire by the clock and without an event. Thread-safe; a verb that names something
 * unknown throws {@link IllegalArgumentException}.
 */
public final class Invitations {
    private static final int DAYS = 7;

    private final World world;
    private final Registry registry;
    private final RandomGenerator random;
    private final String acceptUrl;

    Invitations(World world, Registry registry, RandomGenerator random, String baseUrl) {
        this.world = world;
        this.registry = registry;
        this.random = random;
        this.acceptUrl = baseUrl + "/invite?invitation_token=";
    }

    /** What it takes to invite somebody. */
    record Wanted(
            String email,
            @Nullable OrganizationId organization,
            @Nullable UserId inviter,
            @Nullable RoleSlug role,
            int days) {}

    /** An invitation for a week. Somebody who is a user already becomes a pending member of the organization. */
    public DoubleId.Invitation invite(String email, @Nullable OrganizationId organization, @Nullable RoleSlug role) {
        return new DoubleId.Invitation(
                send(new Wanted(email, organization, null, role, DAYS)).id());
    }

    /** Makes the user with the invited address an active member; that user has to exist. */
    public void accept(DoubleId.Invitation id) {
        accepted(id.value());
    }

    /** Another week, and {@code invitation.resent}. */
    public void resend(DoubleId.Invitation id) {
        resent(id.value());
    }

    public void revoke(DoubleId.Invitation id) {
        revoked(id.value());
    }

    ObjectRecord send(Wanted wanted) {
        String email = wanted.email().strip().toLowerCase(Locale.ROOT);
        return world.change(change -> {
            refuseDuplicate(change, email, wanted.organization());
            String id = change.freshId(Kind.INVITATION.idPrefix());
            String token = Secrets.random(random, 25);
            ObjectNode fields = Json.object()
                    .put("email", email)
                    .put("state", "pending")
                    .putNull("accepted_at")
                    .putNull("revoked_at")
                    .put("expires_at", Json.instant(change.at().plus(Duration.ofDays(wanted.days()))))
                    .put("token", token)
                    .put("accept_invitation_url", acceptUrl + token)
                    .put("organization_id", value(wanted.organization()))
                    .put("inviter_user_id", value(wanted.inviter()))
                    .putNull("accepted_user_id")
                    .put("role_slug", value(wanted.role()));
            List<String> owners = new ArrayList<>(List.of(byEmail(email)));
            if (wanted.organization() != null) {
                Registry.organization(change.tables(), wanted.organization());
                owners.addFirst(wanted.organization().value());
            }
            ObjectRecord invitation =
                    change.keep(Kind.INVITATION, id, token, owners, change.document("invitation", id, fields));
            emit(change, invitation, "created");
            Optional<UserRecord> known = change.tables().userByEmail(email);
            if (known.isPresent() && wanted.organization() != null) {
                registry.invite(change, known.get().id(), wanted.organization(), wanted.role());
            }
            return invitation;
        });
    }

    private void refuseDuplicate(Change change, String email, @Nullable OrganizationId organization) {
        boolean open = change.tables().objects.ownedRecords(Kind.INVITATION, byEmail(email)).stream()
                .map(old -> document(old, change.at()))
                .anyMatch(old -> old.get("state").asString().equals("pending")
                        && old.get("organization_id")
                                .asString("")
                                .equals(organization == null ? "" : organization.value()));
        if (open) {
            throw ApiRefusal.badRequest("duplicate_invitation", "There is a pending invitation for this address.");
        }
    }

    ObjectRecord accepted(String id) {
        return world.change(change -> {
            ObjectRecord old = pending(change, id);
            ObjectNode document = Json.objectOf(old.json());
            UserRecord user = change.tables()
                    .userByEmail(document.get("email").asString())
                    .orElseThrow(() -> ApiRefusal.badRequest(
                            "invitation_user_missing", "Nobody has the address of the invitation yet."));
            document.put("state", "accepted")
                    .put("accepted_at", Json.instant(change.at()))
                    .put("accepted_user_id", user.id().value());
            ObjectRecord invitation = change.rewrite(old, document);
            OrganizationId organization = organization(invitation);
            if (organization != null) {
                String role = document.get("role_slug").asString(Roles.DEFAULT.value());
                registry.admit(change, user.id(), organization, new RoleSlug(role));
            }
            emit(change, invitation, "accepted");
            return invitation;
        });
    }

    ObjectRecord revoked(String id) {
        return world.change(change -> {
            ObjectRecord old = pending(change, id);
            ObjectNode document =
                    Json.objectOf(old.json()).put("state", "revoked").put("revoked_at", Json.instant(change.at()));
            ObjectRecord invitation = change.rewrite(old, document);
            OrganizationId organization = organization(invitation);
            if (organization != null) {
                change.tables()
                        .userByEmail(document.get("email").asString())
                        .flatMap(user -> change.tables().membership(user.id(), organization))
                        .filter(member -> member.status() == Status.PENDING)
                        .ifPresent(member -> Registry.drop(change, member, true));
            }
            emit(change, invitation, "revoked");
            return invitation;
        });
    }

    ObjectRecord resent(String id) {
        return world.change(change -> {
            ObjectRecord old = pending(change, id);
            ObjectNode document = Json.objectOf(old.json())
                    .put("expires_at", Json.instant(change.at().plus(Duration.ofDays(DAYS))));
            ObjectRecord invitation = change.rewrite(old, document);
            emit(change, invitation, "resent");
            return invitation;
        });
    }

    /** The document as it reads at that moment: a pending one may have expired. */
    static ObjectNode document(ObjectRecord invitation, Instant now) {
        ObjectNode document = Json.objectOf(invitation.json());
        boolean over = !now.isBefore(Instant.parse(document.get("expires_at").asString()));
        return over && document.get("state").asString().equals("pending") ? document.put("state", "expired") : document;
    }

    static String byEmail(String email) {
        return "email:" + email.strip().toLowerCase(Locale.ROOT);
    }

    private static ObjectRecord pending(Change change, String id) {
        ObjectRecord invitation = change.tables().objects.get(Kind.INVITATION, id);
        String state = document(invitation, change.at()).get("state").asString();
        if (!state.equals("pending")) {
            throw ApiRefusal.badRequest("invitation_not_pending", "The invitation is " + state + ".");
        }
        return invitation;
    }

    /** Events leave out the token and the address with the token in it. */
    private static void emit(Change change, ObjectRecord invitation, String verb) {
        ObjectNode data = Json.objectOf(invitation.json());
        data.remove(List.of("token", "accept_invitation_url"));
        change.emit("invitation." + verb, data, organization(invitation));
    }

    private static @Nullable OrganizationId organization(ObjectRecord invitation) {
        return invitation.owners().size() < 2
                ? null
                : new OrganizationId(invitation.owners().getFirst());
    }

    private static @Nullable String value(@Nullable Object id) {
        return id == null ? null : id.toString();
    }
}
