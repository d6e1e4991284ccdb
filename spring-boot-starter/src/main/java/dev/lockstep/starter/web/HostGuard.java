package dev.lockstep.starter.web;

import dev.lockstep.starter.OriginPatterns;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers 421 to requests for a host that is none of ours, so that no page, cache or link is ever made under a name
 * that somebody else chose. Probes and webhooks come by address and are let through; nothing there reads the host.
 */
final class HostGuard implements Filter {
    private static final Problem UNKNOWN = new Problem(
            HttpStatus.MISDIRECTED_REQUEST,
            "HOST_UNKNOWN",
            "This server does not answer for that host. Use its public address, or add the host to lockstep.web.hosts.");

    private final OriginPatterns hosts;
    private final @Nullable String domain;
    private final boolean onOneMachine;
    private final List<String> open;
    private final JsonMapper json;

    /**
     * @param hosts what answers here, as host names or with a star for one label
     * @param domain the cookie domain, all of whose hosts are ours, or null
     * @param onOneMachine whether the public address is this very machine, by whichever of its names
     * @param open paths that are served under any name
     */
    HostGuard(OriginPatterns hosts, @Nullable String domain, boolean onOneMachine, List<String> open, JsonMapper json) {
        this.hosts = hosts;
        this.domain = domain;
        this.onOneMachine = onOneMachine;
        this.open = List.copyOf(open);
        this.json = json;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http
                && response instanceof HttpServletResponse answer
                && !isOurs(http.getServerName())
                && !open.contains(http.getRequestURI())) {
            UNKNOWN.write(http, answer, json);
            return;
        }
        chain.doFilter(request, response);
    }

    private boolean isOurs(@Nullable String name) {
        if (name == null) {
            return false;
        }
        String host = name.toLowerCase(Locale.ROOT);
        return hosts.matches(host)
                || (domain != null && (host.equals(domain) || host.endsWith("." + domain)))
                || (onOneMachine && isThisMachine(host));
    }

    static boolean isThisMachine(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.matches("127(\\.\\d{1,3}){3}")
                || host.equals("[::1]")
                || host.equals("::1");
    }
}
