package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.starter.web.Administrators.Administrator;
import dev.lockstep.sync.freshness.MirroredMemberships;
import dev.lockstep.sync.freshness.MirroredMemberships.Standing;
import dev.lockstep.sync.freshness.WriteThrough;
import dev.lockstep.workos.object.WorkOsMembership;
import dev.lockstep.workos.organization.InvitationsApi;
import dev.lockstep.workos.organization.InvitationsApi.Invitee;
import dev.lockstep.workos.organization.MembershipsApi;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What an administrator changes about the members of their own organization: at WorkOS first, and in the mirror before
 * the answer. Members and invitations of other organizations do not exist here.
 */
@RestController
@RequestMapping("/api/v1")
@RefusesImpersonation
final class MembersController {
    private static final int LONGEST_ID = 255;
    private static final int LONGEST_EMAIL = 254;
    private static final Pattern EMAIL = Pattern.compile("[^\\s@\\p{Cntrl}]+@[^\\s@\\p{Cntrl}]+");

    private final Administrators administrators;
    private final MirroredMemberships mirror;
    private final Calls calls;
    private final Writes writes;

    /** The calls to WorkOS. */
    record Calls(MembershipsApi memberships, InvitationsApi invitations) {}

    MembersController(Administrators administrators, MirroredMemberships mirror, Calls calls, Writes writes) {
        this.administrators = administrators;
        this.mirror = mirror;
        this.calls = calls;
        this.writes = writes;
    }

    record NewRole(@Nullable String role) {}

    record NewInvitation(@Nullable String email, @Nullable String role) {}

    @PostMapping("/members/{user}/role")
    Map<String, Object> changeRole(
            @CurrentCaller Caller.SignedIn caller,
            @PathVariable String user,
            @RequestBody NewRole wish,
            HttpServletResponse response) {
        Administrator administrator = administrators.require(caller);
        MembershipId membership = other(administrator, user);
        RoleSlug role = role(wish.role());
        if (role == null) {
            throw new Refusal(roleUnusable());
        }
        administrators.requireOver(administrator, Set.of(role));
        WriteThrough.Written<WorkOsMembership> written = writes.carryOut(
                response,
                through -> through.membership(() -> calls.memberships().changeRole(membership, role)));
        writes.note(caller, "member.role_changed", "membership:" + membership.value(), Map.of("role", role.value()));
        return AuthController.success(Map.of(
                "membershipId", membership.value(),
                "roles", written.reply().roles().stream().map(RoleSlug::value).toList()));
    }

    @PostMapping("/members/{user}/remove")
    Map<String, Object> remove(
            @CurrentCaller Caller.SignedIn caller, @PathVariable String user, HttpServletResponse response) {
        MembershipId membership = other(administrators.require(caller), user);
        writes.carryOut(
                response,
                through -> through.removal(membership, () -> calls.memberships().remove(membership)));
        writes.note(caller, "member.removed", "membership:" + membership.value(), Map.of("user", user));
        return AuthController.success(Map.of("removed", 1));
    }

    @PostMapping("/invitations")
    Map<String, Object> invite(
            @CurrentCaller Caller.SignedIn caller, @RequestBody NewInvitation wish, HttpServletResponse response) {
        Administrator administrator = administrators.require(caller);
        String email = wish.email() == null ? "" : wish.email().strip();
        if (email.length() > LONGEST_EMAIL || !EMAIL.matcher(email).matches()) {
            throw new Refusal(
                    new Problem(HttpStatus.BAD_REQUEST, "EMAIL_UNUSABLE", "That is no e-mail address. Correct it."));
        }
        RoleSlug role = role(wish.role());
        if (role != null) {
            administrators.requireOver(administrator, Set.of(role));
        }
        Invitee invitee = new Invitee(email, administrator.organization(), role, caller.user());
        String id = writes.carryOut(
                        response,
                        through -> through.invitation(() -> calls.invitations().send(invitee)))
                .reply()
                .key()
                .getFirst();
        writes.note(caller, "invitation.sent", "invitation:" + id, Map.of());
        return AuthController.success(Map.of("invitationId", id));
    }

    @PostMapping("/invitations/{id}/revoke")
    Map<String, Object> revoke(
            @CurrentCaller Caller.SignedIn caller, @PathVariable String id, HttpServletResponse response) {
        Administrator administrator = administrators.require(caller);
        if (!isId(id) || !mirror.hasInvitation(administrator.organization(), id)) {
            throw new Refusal(Problem.notFound());
        }
        writes.carryOut(
                response,
                through -> through.invitation(() -> calls.invitations().revoke(id)));
        writes.note(caller, "invitation.revoked", "invitation:" + id, Map.of());
        return AuthController.success(Map.of("revoked", 1));
    }

    /** Another member than the administrator, who cannot lock themselves out this way. */
    private MembershipId other(Administrator administrator, String user) {
        if (!isId(user)) {
            throw new Refusal(Problem.notFound());
        }
        Standing standing = mirror.standing(new UserId(user), administrator.organization())
                .orElseThrow(() -> new Refusal(Problem.notFound()));
        if (user.equals(administrator.caller().user().value())) {
            throw new Refusal(new Problem(
                    HttpStatus.CONFLICT,
                    "OWN_MEMBERSHIP",
                    "Your own membership is changed by another administrator. Ask one."));
        }
        administrators.requireOver(administrator, standing.roles());
        return standing.membership();
    }

    private static boolean isId(String text) {
        return !text.isBlank() && text.length() <= LONGEST_ID && text.chars().noneMatch(Character::isISOControl);
    }

    private static @Nullable RoleSlug role(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        if (text.strip().length() > LONGEST_ID || text.chars().anyMatch(Character::isISOControl)) {
            throw new Refusal(roleUnusable());
        }
        return new RoleSlug(text.strip());
    }

    private static Problem roleUnusable() {
        return new Problem(
                HttpStatus.BAD_REQUEST, "ROLE_UNUSABLE", "A role is named by its slug. Name one that there is.");
    }
}
