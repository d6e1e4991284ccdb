package dev.lockstep.starter.functions;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.function.LiveError;
import dev.lockstep.live.function.LiveFunctions;
import dev.lockstep.live.function.MutationContext;
import dev.lockstep.live.function.NoArgs;
import dev.lockstep.live.function.QueryContext;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.subscription.Dependency;
import dev.lockstep.notify.Notifications;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The caller's own notifications, newest first, and marking one as read. */
final class NotificationFunctions {
    private static final String MINE = """
            SELECT id, subject, message, created_at AS "createdAt", read_at IS NOT NULL AS read
            FROM app.notifications
            WHERE workos_user_id = :user AND channel = 'IN_APP' AND status = 'SENT'
            ORDER BY created_at DESC LIMIT 50
            """;
    private static final Notifications TABLE = new Notifications();

    private NotificationFunctions() {}

    /** Which one. */
    public record Marked(String id) {}

    static void register(LiveFunctions.Builder functions) {
        functions.query(
                "notifications:mine",
                NoArgs.class,
                Shape.listOf(NotificationRow.class),
                (context, args) -> mine(context));
        functions.mutation("notifications:markRead", Marked.class, Shape.nothing(), NotificationFunctions::markRead);
    }

    private static List<NotificationRow> mine(QueryContext context) {
        if (!(context.caller() instanceof Caller.SignedIn caller)) {
            return List.of();
        }
        String user = caller.user().value();
        return context
                .sql(List.of(Dependency.key("app.notifications", "workos_user_id", user)), MINE)
                .acrossOrganizations()
                .param("user", user)
                .rows()
                .stream()
                .map(row -> row.as(NotificationRow.class))
                .toList();
    }

    private static @Nullable Object markRead(MutationContext context, Marked args) {
        if (!(context.caller() instanceof Caller.SignedIn caller)) {
            throw new LiveError("Nobody is signed in. Sign in and try again.", Map.of("code", "UNAUTHORIZED"));
        }
        TABLE.markRead(context.tx(), caller.user(), id(args.id()));
        return null;
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new LiveError("That is not the id of a notification.", Map.of("code", "NOT_FOUND"));
        }
    }
}
