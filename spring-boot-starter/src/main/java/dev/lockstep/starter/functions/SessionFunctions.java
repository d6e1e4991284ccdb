package dev.lockstep.starter.functions;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.QueryContext;
import dev.lockstep.live.function.Row;
import dev.lockstep.live.subscription.Dependency;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The live list of the caller's own sessions, this one first. Ending one is a request to WorkOS, not a mutation. */
final class SessionFunctions {
    private static final String MINE = """
            SELECT s.id, s.auth_method AS "authMethod", coalesce(n.ip_address, s.ip_address) AS "ipAddress",
              coalesce(n.user_agent, s.user_agent) AS "userAgent", s.status,
              s.created_at AS "createdAt", n.seen_at AS "lastSeenAt", s.expires_at AS "expiresAt"
            FROM workos.sessions_live s LEFT JOIN lockstep.session_seen n ON n.session_id = s.id
            WHERE s.user_id = :user ORDER BY (s.id = :current) DESC, s.created_at DESC LIMIT 50
            """;

    private SessionFunctions() {}

    static void register(LiveFunctions.Builder functions) {
        functions.query("sessions:mine", (context, args) -> mine(context));
    }

    private static List<Map<String, @Nullable Object>> mine(QueryContext context) {
        if (!(context.caller() instanceof Caller.SignedIn caller)) {
            return List.of();
        }
        List<Row> rows = context.sql(
                        List.of(Dependency.key(
                                "workos.sessions", "user_id", caller.user().value())),
                        MINE)
                .acrossOrganizations()
                .ignoring("lockstep.session_seen")
                .param("user", caller.user().value())
                .param("current", caller.session().value())
                .rows();
        List<Map<String, @Nullable Object>> sessions = new ArrayList<>();
        for (Row row : rows) {
            Map<String, @Nullable Object> session = new LinkedHashMap<>(row.toMap());
            session.put("current", caller.session().value().equals(row.text("id")));
            sessions.add(session);
        }
        return sessions;
    }
}
