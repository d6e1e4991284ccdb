package dev.lockstep.session;

import dev.lockstep.session.keeping.KeepOutcome;
import dev.lockstep.session.keeping.SessionKeeper;
import dev.lockstep.session.refresh.RenewalOutcome;
import dev.lockstep.session.refresh.SessionRefresher;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.token.AccessToken;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole check of one request in one call, for a filter of any framework: reads the session, renews it when it is
 * due, and says which cookies go back. It refuses nobody and redirects nowhere; that is for whoever needs somebody.
 * Safe for any number of threads.
 */
public final class SessionGate {
    private static final Logger log = LoggerFactory.getLogger(SessionGate.class);

    private final SessionReader reader;
    private final SessionRefresher refresher;
    private final SessionKeeper keeper;
    private final SessionCookies cookies;
    private final RenewalListener listener;

    public SessionGate(
            SessionReader reader,
            SessionRefresher refresher,
            SessionKeeper keeper,
            SessionCookies cookies,
            RenewalListener listener) {
        this.reader = reader;
        this.refresher = refresher;
        this.keeper = keeper;
        this.cookies = cookies;
        this.listener = listener;
    }

    /** Judges the {@code Cookie} headers of one request. Never throws on what it is given. */
    public Admission admit(List<String> cookieHeaders) {
        List<String> values = cookies.sessionValues(cookieHeaders);
        return switch (reader.read(values)) {
            case SessionOutcome.Valid valid ->
                new Admission.SignedIn(
                        valid.session(),
                        valid.token(),
                        Admission.How.VALID,
                        valid.sealedWithOldKey() ? kept(valid.session(), valid.token(), values.getFirst()) : List.of());
            case SessionOutcome.NeedsRefresh needed -> renewed(needed, values.getFirst());
            case SessionOutcome.Expired expired -> nobody(Admission.Loss.EXPIRED, "expired");
            case SessionOutcome.Tampered tampered -> nobody(Admission.Loss.TAMPERED, tampered.reason());
            case SessionOutcome.Revoked revoked -> {
                values.forEach(keeper::forget);
                yield nobody(Admission.Loss.REVOKED, "revoked");
            }
            case SessionOutcome.Absent absent -> new Admission.Nobody(Admission.Loss.NONE, null, List.of());
            case SessionOutcome.CannotVerify cannot -> new Admission.CannotTell(cannot.reason(), cannot.retryAfter());
        };
    }

    private Admission renewed(SessionOutcome.NeedsRefresh needed, String value) {
        return switch (refresher.renew(needed)) {
            case RenewalOutcome.Renewed fresh -> {
                tell(() -> listener.renewed(fresh.session(), fresh.token()));
                yield new Admission.SignedIn(
                        fresh.session(),
                        fresh.token(),
                        Admission.How.RENEWED,
                        kept(fresh.session(), fresh.token(), value));
            }
            case RenewalOutcome.Kept kept -> {
                tell(() -> listener.notRenewed(kept.token(), kept.reason(), true));
                yield new Admission.SignedIn(kept.session(), kept.token(), Admission.How.KEPT, List.of());
            }
            case RenewalOutcome.Ended ended -> ended(ended.code(), needed, value);
            case RenewalOutcome.Unavailable unavailable -> {
                tell(() -> listener.notRenewed(needed.token(), unavailable.reason(), true));
                yield new Admission.CannotTell(unavailable.reason(), unavailable.retryAfter());
            }
        };
    }

    /** A session on the server may have been renewed by another node while this one asked with the older token. */
    private Admission ended(String code, SessionOutcome.NeedsRefresh needed, String value) {
        if (keeper.isReference(value) && reader.read(List.of(value)) instanceof SessionOutcome.Valid renewed) {
            return new Admission.SignedIn(renewed.session(), renewed.token(), Admission.How.VALID, List.of());
        }
        tell(() -> listener.notRenewed(needed.token(), code, false));
        keeper.forget(value);
        return nobody(Admission.Loss.ENDED, code);
    }

    /** The renewed session is stored, or in the answer's cookie, before anybody sees the answer. */
    private List<String> kept(SealedSession session, AccessToken token, @Nullable String before) {
        return switch (keeper.keep(session, token, before)) {
            case KeepOutcome.Kept kept -> List.of(cookies.set(kept.value()));
            case KeepOutcome.TooBig big -> {
                log.error(
                        "SESSION_TOO_LARGE a session of {} bytes does not fit into a cookie ({} fit) and no table is set",
                        big.bytes(),
                        big.budget());
                yield List.of();
            }
            case KeepOutcome.Unavailable unavailable -> {
                log.warn("SESSION_NOT_STORED {}; the next request tries again", unavailable.reason());
                yield List.of();
            }
        };
    }

    private Admission nobody(Admission.Loss loss, String why) {
        return new Admission.Nobody(loss, why, List.of(cookies.clear()));
    }

    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException broken) {
            log.error("a renewal listener failed; the session is not affected", broken);
        }
    }
}
