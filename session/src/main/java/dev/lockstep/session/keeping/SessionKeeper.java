package dev.lockstep.session.keeping;

import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.OpenOutcome;
import dev.lockstep.session.sealing.PurposeSeal;
import dev.lockstep.session.sealing.RestSeal;
import dev.lockstep.session.sealing.SealFault;
import dev.lockstep.session.sealing.SealOutcome;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.SessionOpener;
import dev.lockstep.session.sealing.SessionSealer;
import dev.lockstep.session.token.AccessToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps sessions: in the cookie as WorkOS's libraries do, or in a table with a sealed reference in the cookie, when the
 * cookie would be too big for a browser or when that was chosen. Passwords are changed for both in the same way. Writes
 * no response. Safe for any number of threads.
 */
public final class SessionKeeper implements SessionOpener {
    /** Stands in front of a sealed reference; no iron seal begins so. */
    static final String PREFIX = "lsr1.";

    private static final Logger log = LoggerFactory.getLogger(SessionKeeper.class);

    private final SessionSealer sealer;
    private final @Nullable Table table;

    private SessionKeeper(SessionSealer sealer, @Nullable Table table) {
        this.sealer = sealer;
        this.table = table;
    }

    /** When a session goes into the table. */
    public enum Place {
        /** Only when it does not fit into the cookie. */
        WHEN_TOO_BIG,
        /** Always: no token ever leaves the server. */
        ALWAYS
    }

    private record Table(
            StoredSessions rows,
            Place place,
            PurposeSeal references,
            RestSeal contents,
            Duration life,
            InstantSource clock,
            SecureRandom random) {}

    /** What the random and timed parts of a table stand on. */
    public record Sources(InstantSource clock, SecureRandom random) {}

    /** Keeps every session in its cookie; one that does not fit is not kept. */
    public static SessionKeeper inCookies(SessionSealer sealer) {
        return new SessionKeeper(sealer, null);
    }

    /**
     * Keeps sessions in a table too.
     *
     * @param keys the cookie passwords, current first
     * @param life how long a session lasts without being used
     */
    public static SessionKeeper with(
            SessionSealer sealer, CookieKeys keys, StoredSessions rows, Place place, Duration life, Sources sources) {
        var references = new PurposeSeal(keys, "session-reference", sources.clock(), sources.random());
        var contents = new RestSeal(keys, "session", sources.random());
        return new SessionKeeper(
                sealer, new Table(rows, place, references, contents, life, sources.clock(), sources.random()));
    }

    /**
     * Keeps a session.
     *
     * @param token what its access token says
     * @param before the cookie's value that it follows, or null for a new sign-in, which never goes on under an old
     *     reference
     */
    public KeepOutcome keep(SealedSession session, AccessToken token, @Nullable String before) {
        Optional<Reference> old = before == null ? Optional.empty() : reference(before);
        if (table == null || table.place() == Place.WHEN_TOO_BIG) {
            SealOutcome sealed = sealer.seal(session);
            switch (sealed) {
                case SealOutcome.Sealed fits -> {
                    old.ifPresent(this::remove);
                    return new KeepOutcome.Kept(fits.value(), false);
                }
                case SealOutcome.TooBig big -> {
                    if (table == null) {
                        return new KeepOutcome.TooBig(big.bytes(), big.budget());
                    }
                }
            }
        }
        Reference reference =
                old.filter(known -> known.session().equals(token.session())).orElse(null);
        return store(table, session, token, reference);
    }

    private static KeepOutcome store(Table table, SealedSession session, AccessToken token, @Nullable Reference known) {
        Reference reference = known == null ? Reference.fresh(token.session(), table.random()) : known;
        String key = reference.key();
        var row = new StoredSessions.Row(
                key,
                token.session(),
                token.user(),
                table.contents().seal(session.bytes(), key),
                token.issuedAt(),
                table.clock().instant().plus(table.life()));
        try {
            table.rows().save(row);
        } catch (StoredSessions.Unavailable unavailable) {
            return new KeepOutcome.Unavailable(String.valueOf(unavailable.getMessage()));
        }
        return new KeepOutcome.Kept(PREFIX + table.references().seal(reference.bytes(), table.life()), true);
    }

    /** Forgets what the table holds for a cookie's value; a session that lives in its cookie has nothing to forget. */
    public void forget(String value) {
        reference(value).ifPresent(this::remove);
    }

    @Override
    public boolean isReference(String value) {
        return value.startsWith(PREFIX);
    }

    @Override
    public OpenOutcome open(String value) {
        if (!isReference(value)) {
            return sealer.open(value);
        }
        if (table == null) {
            return new OpenOutcome.Unreadable(SealFault.PREFIX);
        }
        return switch (table.references().open(value.substring(PREFIX.length()))) {
            case PurposeSeal.Opened opened ->
                Reference.parse(opened.content())
                        .map(reference -> open(table, reference, opened))
                        .orElseGet(() -> new OpenOutcome.Unreadable(SealFault.CONTENT));
            case PurposeSeal.Expired expired -> new OpenOutcome.Expired();
            case PurposeSeal.Unreadable unreadable -> new OpenOutcome.Unreadable(unreadable.fault());
        };
    }

    /** A row that is gone was ended or ran out: that is a session that is over, not one that was forged. */
    private static OpenOutcome open(Table table, Reference reference, PurposeSeal.Opened seal) {
        String key = reference.key();
        Optional<byte[]> row;
        try {
            row = table.rows().find(key);
        } catch (StoredSessions.Unavailable unavailable) {
            return new OpenOutcome.Unavailable(String.valueOf(unavailable.getMessage()), reference.session());
        }
        if (row.isEmpty()) {
            return new OpenOutcome.Expired();
        }
        Optional<RestSeal.Opened> content = table.contents().open(row.get(), key);
        return content.flatMap(opened -> SealedSession.parse(opened.content())
                        .<OpenOutcome>map(session ->
                                new OpenOutcome.Opened(session, seal.oldKey() || opened.oldKey(), seal.expiresAt())))
                .orElseGet(() -> new OpenOutcome.Unreadable(SealFault.INTEGRITY));
    }

    private Optional<Reference> reference(String value) {
        return table != null
                        && isReference(value)
                        && table.references().open(value.substring(PREFIX.length()))
                                instanceof PurposeSeal.Opened opened
                ? Reference.parse(opened.content())
                : Optional.empty();
    }

    private void remove(Reference reference) {
        if (table == null) {
            return;
        }
        try {
            table.rows().remove(reference.key());
        } catch (StoredSessions.Unavailable unavailable) {
            log.warn("a session's row was not removed and runs out by itself: {}", unavailable.getMessage());
        }
    }
}
