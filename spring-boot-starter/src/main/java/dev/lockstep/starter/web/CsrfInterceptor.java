package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.session.CsrfTokens;
import dev.lockstep.starter.OriginPatterns;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Lets a signed-in browser change something only from a page of ours, or of an origin that was named: by what the
 * browser itself says, and with the session's CSRF token.
 */
final class CsrfInterceptor implements HandlerInterceptor {
    static final String HEADER = "X-CSRF-Token";
    static final String FIELD = "_csrf";

    private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private final CsrfTokens tokens;
    private final String origin;
    private final OriginPatterns trusted;

    /** @param trusted other origins whose pages may act for the visitor */
    CsrfInterceptor(CsrfTokens tokens, String origin, OriginPatterns trusted) {
        this.trusted = trusted;
        this.tokens = tokens;
        this.origin = origin;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (HARMLESS.contains(request.getMethod())
                || !(RequestCaller.of(request) instanceof RequestCaller.Known known)
                || !(known.caller() instanceof Caller.SignedIn caller)) {
            return true;
        }
        String site = request.getHeader("Sec-Fetch-Site");
        String from = request.getHeader("Origin");
        boolean ownPage = (site == null || OWN_SITES.contains(site)) && (from == null || from.equals(origin));
        if (!(ownPage || trusted.matches(from)) || !tokens.isValid(caller.session(), sent(request))) {
            throw new Refusal(Problem.csrf());
        }
        return true;
    }

    private static @org.jspecify.annotations.Nullable String sent(HttpServletRequest request) {
        String header = request.getHeader(HEADER);
        return header != null ? header : request.getParameter(FIELD);
    }
}
