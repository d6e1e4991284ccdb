package dev.lockstep.live.function;

import dev.lockstep.store.Tx;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The second wall between organizations: reads of queries run as a role for which the database itself shows only rows of
 * one organization. Where the role cannot be taken the first wall, the reader, stands alone, and the log says so once.
 * Thread-safe.
 */
final class OrganizationWall {
    static final String EVERY = "*";

    private static final Logger LOG = LoggerFactory.getLogger(OrganizationWall.class);
    private static final String MAY = """
            SELECT coalesce((SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles
              WHERE rolname = 'lockstep_reader'), false)
            """;
    private static final String ENTER = """
            SELECT set_config('lockstep.organization', :organization, true), set_config('role', 'lockstep_reader', true)
            """;
    private static final String MOVE = "SELECT set_config('lockstep.organization', :organization, true)";

    private final AtomicReference<@Nullable Boolean> stands = new AtomicReference<>();

    /** A way through the wall for one run of a function. Not thread-safe. */
    final class Gate {
        private final Tx tx;
        private @Nullable String inside;

        Gate(Tx tx) {
            this.tx = tx;
        }

        /** From here on rows of this organization are seen, of {@link #EVERY} one, or with empty text of none. */
        void enter(String organization) {
            if (organization.equals(inside) || !stands(tx)) {
                return;
            }
            tx.sql(inside == null ? ENTER : MOVE)
                    .param("organization", organization)
                    .query((rs, row) -> true)
                    .list();
            inside = organization;
        }
    }

    private boolean stands(Tx tx) {
        Boolean known = stands.get();
        if (known == null) {
            known = tx.sql(MAY).query(Boolean.class).single();
            if (stands.compareAndSet(null, known) && !known) {
                LOG.warn(
                        "LIVE_WALL_ABSENT: this database user may not act as lockstep_reader, so row-level security does"
                                + " not guard live queries; GRANT lockstep_reader to it");
            }
        }
        return known;
    }
}
