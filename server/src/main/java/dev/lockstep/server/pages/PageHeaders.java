package dev.lockstep.server.pages;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Puts the security headers on every response: own resources only, no framing, no sniffing. */
final class PageHeaders implements Filter {
    private final String policy;

    /**
     * Forms may end at WorkOS, because signing out does; the socket's origin is named, because older browsers do not
     * count it as our own.
     */
    PageHeaders(String origin, String workOsOrigin) {
        policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' https: data:;"
                + " connect-src 'self' " + origin.replaceFirst("^http", "ws")
                + "; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self' "
                + workOsOrigin + "; frame-ancestors 'none'";
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (response instanceof HttpServletResponse http) {
            http.setHeader("Content-Security-Policy", policy);
            http.setHeader("X-Content-Type-Options", "nosniff");
            http.setHeader("X-Frame-Options", "DENY");
            http.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
            http.setHeader("Cross-Origin-Opener-Policy", "same-origin");
            if (request.isSecure()) {
                http.setHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
            }
        }
        chain.doFilter(request, response);
    }
}
