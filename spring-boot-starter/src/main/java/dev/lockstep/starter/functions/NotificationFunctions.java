package dev.lockstep.starter.functions;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.ArgField;
import dev.lockstep.live.function.Args;
import dev.lockstep.live.function.LiveError;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.MutationContext;
import dev.lockstep.live.function.QueryContext;
import dev.lockstep.live.function.Row;
import dev.lockstep.live.subscription.Dependency;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The caller's own notifications, newest first, and marking one as read. */
final class NotificationFunctions {
    private static final String MINE = """
            SELECT id, subject, message, created_at AS "createdAt", read_at IS NOT NULL AS read
            FROM app.notifications
            WHERE workos_user_id = :user AND channel = 'IN_APP' AND status = 'SENT'
            ORDER BY created_at DESC LIMIT 50
            """;
    private static final String MARK_READ = """
            UPDATE app.notifications SET read_at = coalesce(read_at, now())
            WHERE id::text = lower(:id) AND workos_user_id = :user
            """;

    private NotificationFunctions() {}

    static void register(LiveFunctions.Builder functions) {
        functions.query("notifications:mine", (context, args) -> mine(context));
        functions.mutation("notifications:markRead", NotificationFunctions::markRead, ArgField.text("id"));
    }

    private static List<Map<String, @Nullable Object>> mine(QueryContext context) {
        if (!(context.caller() instanceof Caller.SignedIn caller)) {
            return List.of();
        }
        String user = caller.user().value();
        return context
                .sql(List.of(Dependency.key("app.notifications", "workos_user_id", user)), MINE)
                .param("user", user)
                .rows()
                .stream()
                .map(Row::toMap)
                .toList();
    }

    private static @Nullable Object markRead(MutationContext context, Args args) {
        if (!(context.caller() instanceof Caller.SignedIn caller)) {
            throw new LiveError("Nobody is signed in. Sign in and try again.", Map.of("code", "UNAUTHORIZED"));
        }
        int marked = context.tx()
                .sql(MARK_READ)
                .param("id", args.text("id"))
                .param("user", caller.user().value())
                .update();
        if (marked != 1) {
            throw new LiveError("There is no such notification.", Map.of("code", "NOT_FOUND"));
        }
        return null;
    }
}
