package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.Permission;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.starter.Memberships;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Stands before handlers marked with {@code @Requires…}. The effective right is the smaller of token and mirror. */
final class RightsInterceptor implements HandlerInterceptor {
    private final Memberships memberships;

    RightsInterceptor(Memberships memberships) {
        this.memberships = memberships;
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
        Set<RoleSlug> mirrored = mirroredRoles(caller);
        if (role != null) {
            Set<RoleSlug> effective = new HashSet<>(mirrored);
            effective.retainAll(caller.roles());
            if (Arrays.stream(role.value()).map(RoleSlug::new).noneMatch(effective::contains)) {
                throw new Refusal(forbidden());
            }
        }
        if (permission != null && !caller.permissions().contains(new Permission(permission.value()))) {
            throw new Refusal(forbidden());
        }
        return true;
    }

    private Set<RoleSlug> mirroredRoles(Caller.SignedIn caller) {
        OrganizationId organization = caller.organization().orElseThrow(() -> new Refusal(noOrganization()));
        return memberships.roles(caller.user(), organization).orElseThrow(() -> new Refusal(noOrganization()));
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

    private static Problem forbidden() {
        return new Problem(
                HttpStatus.FORBIDDEN,
                "FORBIDDEN",
                "Insufficient permissions. Ask an administrator of the organization.");
    }
}
