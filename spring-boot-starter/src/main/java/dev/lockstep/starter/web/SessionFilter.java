package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import dev.lockstep.session.Admission;
import dev.lockstep.session.SessionGate;
import dev.lockstep.starter.LogLine;
import dev.lockstep.starter.SessionSightings;
import dev.lockstep.starter.Signals;
import dev.lockstep.starter.Tally;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Says for every request who is calling, before anything else runs: the session gate in servlet clothes. It refuses
 * nobody; that is for handlers that need somebody.
 */
final class SessionFilter implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(SessionFilter.class);

    private final SessionGate gate;
    private final MachineCallers machines;
    private final SessionSightings sightings;
    private final ClientAddress addresses;
    private final Tally<Signals.Session> seen;

    SessionFilter(
            SessionGate gate,
            MachineCallers machines,
            SessionSightings sightings,
            ClientAddress addresses,
            Tally<Signals.Session> seen) {
        this.seen = seen;
        this.sightings = sightings;
        this.addresses = addresses;
        this.gate = gate;
        this.machines = machines;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request instanceof HttpServletRequest http && response instanceof HttpServletResponse answer) {
            http.setAttribute(RequestCaller.ATTRIBUTE, caller(http, answer));
        }
        chain.doFilter(request, response);
    }

    private RequestCaller caller(HttpServletRequest request, HttpServletResponse response) {
        List<String> headers = Collections.list(request.getHeaders("Cookie"));
        return switch (gate.admit(headers)) {
            case Admission.SignedIn in -> {
                seen.count(kind(in.how()));
                in.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
                NoStore.on(response);
                if (sightings.isDue(in.token().session())) {
                    sightings.seen(
                            in.token().session(),
                            in.token().user(),
                            addresses.of(request),
                            request.getHeader("User-Agent"));
                }
                OpenSession open = new OpenSession(in.session(), in.token());
                request.setAttribute(OpenSession.ATTRIBUTE, open);
                yield new RequestCaller.Known(open.caller());
            }
            case Admission.Nobody nobody -> nobody(nobody, request, response);
            case Admission.CannotTell cannot -> {
                seen.count(Signals.Session.CANNOT_VERIFY);
                LogLine.of("session.cannot_verify")
                        .with("reason", cannot.reason())
                        .with("ref", Ref.of(request))
                        .write(LOG, Level.WARN);
                NoStore.on(response);
                yield new RequestCaller.CannotVerify();
            }
        };
    }

    private RequestCaller nobody(Admission.Nobody nobody, HttpServletRequest request, HttpServletResponse response) {
        kind(nobody.loss()).ifPresent(seen::count);
        if (nobody.why() != null) {
            LogLine.of("session.cleared")
                    .with("reason", nobody.why())
                    .with("ref", Ref.of(request))
                    .write(LOG, Level.INFO);
            nobody.setCookies().forEach(value -> response.addHeader("Set-Cookie", value));
            NoStore.on(response);
        }
        Optional<String> key = MachineCallers.presentedKey(request.getHeader("Authorization"));
        if (key.isPresent()) {
            NoStore.forKey(response);
        }
        if (key.isPresent()) {
            return new RequestCaller.Presented(machines, key.get());
        }
        return nobody.why() == null ? new RequestCaller.Known(new Caller.Anonymous()) : new RequestCaller.Lost();
    }

    private static Signals.Session kind(Admission.How how) {
        return switch (how) {
            case VALID -> Signals.Session.VALID;
            case RENEWED -> Signals.Session.REFRESHED;
            case KEPT -> Signals.Session.KEPT;
        };
    }

    private static Optional<Signals.Session> kind(Admission.Loss loss) {
        return switch (loss) {
            case NONE -> Optional.empty();
            case EXPIRED -> Optional.of(Signals.Session.EXPIRED);
            case TAMPERED -> Optional.of(Signals.Session.TAMPERED);
            case REVOKED -> Optional.of(Signals.Session.REVOKED);
            case ENDED -> Optional.of(Signals.Session.ENDED);
        };
    }
}
