package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.sync.freshness.Rights;
import dev.lockstep.sync.freshness.RightsGate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Stands before handlers marked with {@code @Requires…}. The effective right is the smaller of what the token says and
 * what the mirror, or WorkOS where the mirror is too old, says.
 */
final class RightsInterceptor implements HandlerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(RightsInterceptor.class);

    private final RightsGate gate;

    RightsInterceptor(RightsGate gate) {
        this.gate = gate;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        RequiresRole role = find(method, RequiresRole.class);
        RequiresPermission permission = find(method, RequiresPermission.class);
        if (role == null && permission == null && find(method, RequiresOrganization.class) == null) {
            return true;
        }
        Caller.SignedIn caller = RequestCaller.signedIn(request);
        OrganizationId organization = caller.organization().orElseThrow(() -> new Refusal(noOrganization()));
        try {
            decide(caller, organization, role, permission);
        } catch (DataAccessException e) {
            LOG.warn(
                    "STORE_UNAVAILABLE ref={} cause={}",
                    Ref.of(request),
                    e.getClass().getSimpleName());
            throw new Refusal(Problem.noDatabase());
        }
        return true;
    }

    private void decide(
            Caller.SignedIn caller,
            OrganizationId organization,
            @Nullable RequiresRole role,
            @Nullable RequiresPermission permission) {
        Set<RoleSlug> mirrored = roles(caller, organization);
        Set<RoleSlug> effective = new HashSet<>(mirrored);
        effective.retainAll(caller.roles());
        if (role != null && Arrays.stream(role.value()).map(RoleSlug::new).noneMatch(effective::contains)) {
            throw new Refusal(Administrators.forbidden());
        }
        if (permission != null && !allows(caller, organization, mirrored, new Permission(permission.value()))) {
            throw new Refusal(Administrators.forbidden());
        }
    }

    /** What the token says, unless the mirror knows that no role which the person still has allows it. */
    private boolean allows(
            Caller.SignedIn caller, OrganizationId organization, Set<RoleSlug> mirrored, Permission permission) {
        return caller.permissions().contains(permission)
                && gate.permissions(organization, mirrored)
                        .map(allowed -> allowed.contains(permission))
                        .orElse(true);
    }

    private Set<RoleSlug> roles(Caller.SignedIn caller, OrganizationId organization) {
        return switch (gate.rights(caller.user(), organization)) {
            case Rights.Member member -> member.roles();
            case Rights.NoMember ignored -> throw new Refusal(noOrganization());
            case Rights.Unverifiable(Rights.Reason reason) -> throw new Refusal(cannotSay(reason));
        };
    }

    private static <A extends Annotation> @Nullable A find(HandlerMethod method, Class<A> type) {
        A onMethod = method.getMethodAnnotation(type);
        return onMethod != null ? onMethod : AnnotatedElementUtils.findMergedAnnotation(method.getBeanType(), type);
    }

    private static Problem noOrganization() {
        return new Problem(
                HttpStatus.FORBIDDEN,
                "NO_ORGANIZATION",
                "This needs an organization you are an active member of. Switch to one and try again.");
    }

    /** An outage is no verdict: the same request may be answered in a moment. */
    static Problem cannotSay(Rights.Reason reason) {
        return switch (reason) {
            case MIRROR_STALE ->
                new Problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "MIRROR_STALE",
                        "What you may do here cannot be verified right now: our copy of the directory is too old."
                                + " Try again in a moment.");
            case RIGHTS_UNVERIFIABLE ->
                new Problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "RIGHTS_UNVERIFIABLE",
                        "What you may do here cannot be verified right now: WorkOS gives no answer."
                                + " Try again in a moment.");
        };
    }
}
