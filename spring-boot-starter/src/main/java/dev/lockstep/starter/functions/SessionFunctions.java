package dev.lockstep.starter.functions;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.NoArgs;
import dev.lockstep.live.function.QueryContext;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.subscription.Dependency;
import java.util.List;

/** The live list of the caller's own sessions, this one first. Ending one is a request to WorkOS, not a mutation. */
final class SessionFunctions {
    private static final String MINE = """
            SELECT s.id, s.id = :current AS current, s.auth_method AS "authMethod", coalesce(n.ip_address, s.ip_address) AS "ipAddress",
              coalesce(n.user_agent, s.user_agent) AS "userAgent", s.status,
              s.created_at AS "createdAt", n.seen_at AS "lastSeenAt", s.expires_at AS "expiresAt"
            FROM workos.sessions_live s LEFT JOIN lockstep.session_seen n ON n.session_id = s.id
            WHERE s.user_id = :user ORDER BY (s.id = :current) DESC, s.created_at DESC LIMIT 50
            """;

    private SessionFunctions() {}

    static void register(LiveFunctions.Builder functions) {
        functions.query(
                "sessions:mine", NoArgs.class, Shape.listOf(SessionRow.class), (context, args) -> mine(context));
    }

    private static List<SessionRow> mine(QueryContext context) {
        if (!(context.caller() instanceof Caller.SignedIn caller)) {
            return List.of();
        }
        return context
                .sql(
                        List.of(Dependency.key(
                                "workos.sessions", "user_id", caller.user().value())),
                        MINE)
                .acrossOrganizations()
                .ignoring("lockstep.session_seen")
                .param("user", caller.user().value())
                .param("current", caller.session().value())
                .rows()
                .stream()
                .map(row -> row.as(SessionRow.class))
                .toList();
    }
}
