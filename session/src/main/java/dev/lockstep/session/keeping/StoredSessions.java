package dev.lockstep.session.keeping;

import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import java.time.Instant;
import java.util.Optional;

/** The table of sessions that are kept on the server. A port: it stores bytes that it cannot read. */
public interface StoredSessions {

    /**
     * One row. Prints no content.
     *
     * @param key the digest of the reference; whoever reads the table cannot make a cookie from it
     * @param session the session at WorkOS
     * @param user whose it is
     * @param sealed the encrypted content
     * @param issuedAt when its access token was made; an older one never replaces a newer one
     * @param expiresAt when the row may be forgotten
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(String key, SessionId session, UserId user, byte[] sealed, Instant issuedAt, Instant expiresAt) {
        @Override
        public String toString() {
            return "Row[" + session + "]";
        }
    }

    /** Writes the row, unless one with a newer token is there. */
    void save(Row row) throws Unavailable;

    /** Returns the encrypted content of a row that has not run out. */
    Optional<byte[]> find(String key) throws Unavailable;

    /** Removes the row, if it is there. */
    void remove(String key) throws Unavailable;

    /** The table cannot be asked now. */
    final class Unavailable extends Exception {
        private static final long serialVersionUID = 1L;

        /** @param reason one sentence for a log, without any value */
        public Unavailable(String reason) {
            super(reason);
        }
    }
}
