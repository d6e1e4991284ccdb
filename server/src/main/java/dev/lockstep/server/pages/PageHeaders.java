package dev.lockstep.server.pages;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Puts the security headers on every response: scripts only with the nonce of that very response, other resources from
 * our own origin, no framing, no sniffing.
 */
final class PageHeaders implements Filter {
    /** The request attribute under which a page finds its nonce. */
    static final String NONCE = PageHeaders.class.getName() + ".nonce";

    private static final int NONCE_BYTES = 16;

    private final String beforeNonce;
    private final String afterNonce;
    private final SecureRandom random;

    /**
     * Forms may end at WorkOS, because signing out does; the socket's origin is named, because older browsers do not
     * count it as our own.
     */
    PageHeaders(String origin, String workOsOrigin, SecureRandom random) {
        this.random = random;
        beforeNonce = "default-src 'self'; script-src 'strict-dynamic' 'nonce-";
        afterNonce = "'; style-src 'self'; img-src 'self' https: data:; connect-src 'self' "
                + origin.replaceFirst("^http", "ws")
                + "; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self' "
                + workOsOrigin + "; frame-ancestors 'none'";
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (response instanceof HttpServletResponse http) {
            String nonce = nonce();
            request.setAttribute(NONCE, nonce);
            http.setHeader("Content-Security-Policy", beforeNonce + nonce + afterNonce);
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

    private String nonce() {
        byte[] octets = new byte[NONCE_BYTES];
        random.nextBytes(octets);
        return Base64.getEncoder().withoutPadding().encodeToString(octets);
    }
}
