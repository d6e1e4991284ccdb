package dev.lockstep.starter.web;

import dev.lockstep.session.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.annotation.Annotation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpStatus;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Stands before handlers marked with what the session itself must be: recent, with a feature, with an entitlement, or
 * without an operator behind it. Roles and permissions are another guard's.
 */
final class SessionGuards implements HandlerInterceptor {
    private final InstantSource clock;

    SessionGuards(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        RequiresRecentAuth recent = find(method, RequiresRecentAuth.class);
        RequiresFeature feature = find(method, RequiresFeature.class);
        RequiresEntitlement entitlement = find(method, RequiresEntitlement.class);
        boolean noOperator = find(method, RefusesImpersonation.class) != null;
        if (recent == null && feature == null && entitlement == null && !noOperator) {
            return true;
        }
        OpenSession open = OpenSession.require(request);
        AccessToken token = open.token();
        if (noOperator && open.caller().impersonator() != null) {
            throw new Refusal(impersonated());
        }
        if (feature != null && !token.featureFlags().contains(feature.value())) {
            throw new Refusal(Problem.notFound());
        }
        if (entitlement != null && !token.entitlements().contains(entitlement.value())) {
            throw new Refusal(entitlementMissing());
        }
        return recent == null || isRecent(DurationStyle.detectAndParse(recent.value()), token, request, response);
    }

    private boolean isRecent(
            Duration maxAge, AccessToken token, HttpServletRequest request, HttpServletResponse response) {
        if (token.authenticatedWithin(maxAge, clock.instant())) {
            return true;
        }
        boolean navigation = "GET".equals(request.getMethod()) && accepts(request, "text/html");
        String again = again(maxAge, navigation ? path(request) : null);
        if (!navigation) {
            throw new Refusal(staleProblem(again));
        }
        NoStore.on(response);
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", again);
        return false;
    }

    /** The way through WorkOS that proves anew who it is. */
    static String again(Duration maxAge, @Nullable String returnTo) {
        String address = "/api/auth/login?maxAge=" + maxAge.toSeconds();
        return returnTo == null
                ? address
                : address + "&returnTo=" + URLEncoder.encode(returnTo, StandardCharsets.UTF_8);
    }

    private static String path(HttpServletRequest request) {
        String query = request.getQueryString();
        return request.getRequestURI() + (query == null ? "" : "?" + query);
    }

    private static boolean accepts(HttpServletRequest request, String type) {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains(type);
    }

    static Problem impersonated() {
        return new Problem(
                HttpStatus.FORBIDDEN,
                "IMPERSONATION_REFUSED",
                "An operator who is signed in as somebody else may not do this. Ask the person themselves.");
    }

    private static Problem entitlementMissing() {
        return new Problem(
                HttpStatus.FORBIDDEN,
                "ENTITLEMENT_MISSING",
                "The organization's plan does not include this. Ask an administrator of the organization.");
    }

    private static Problem staleProblem(String next) {
        return new Problem(
                HttpStatus.UNAUTHORIZED,
                "REAUTHENTICATION_REQUIRED",
                "This needs a sign-in of a moment ago. Sign in once more and try again.",
                next);
    }

    private static <A extends Annotation> @Nullable A find(HandlerMethod method, Class<A> type) {
        A onMethod = method.getMethodAnnotation(type);
        return onMethod != null ? onMethod : AnnotatedElementUtils.findMergedAnnotation(method.getBeanType(), type);
    }
}
