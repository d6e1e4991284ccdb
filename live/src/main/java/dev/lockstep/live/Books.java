package dev.lockstep.live;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.connection.Following;
import dev.lockstep.live.connection.LiveConnection;
import dev.lockstep.live.subscription.AnswerTable;
import dev.lockstep.live.subscription.Question;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who follows what, as far as the ticks have noticed. Belongs to the thread of the ticks. */
final class Books {
    private static final Following NOTHING = new Following(-1, new Caller.Anonymous(), List.of());

    private final AnswerTable answers;
    private final Map<LiveConnection, Following> following = new HashMap<>();
    private final Map<Question, Set<LiveConnection>> followers = new HashMap<>();

    Books(AnswerTable answers) {
        this.answers = answers;
    }

    /** Brings the books up to what the socket says now, and returns that. */
    Following notice(LiveConnection connection) {
        Following before = following.getOrDefault(connection, NOTHING);
        return connection
                .followingSince(before.version())
                .map(now -> replace(connection, before, now))
                .orElse(before);
    }

    private Following replace(LiveConnection connection, Following before, Following now) {
        now.questions().forEach(question -> {
            answers.follow(question, now.caller());
            followers.computeIfAbsent(question, q -> new HashSet<>(2)).add(connection);
        });
        Set<Question> kept = Set.copyOf(now.questions());
        for (Question question : before.questions()) {
            answers.unfollow(question, before.caller());
            if (!kept.contains(question)) {
                followers.computeIfPresent(question, (q, sockets) -> without(sockets, connection));
            }
        }
        if (now.isOver()) {
            following.remove(connection);
        } else {
            following.put(connection, now);
        }
        return now;
    }

    private static @Nullable Set<LiveConnection> without(Set<LiveConnection> sockets, LiveConnection connection) {
        sockets.remove(connection);
        return sockets.isEmpty() ? null : sockets;
    }

    Set<LiveConnection> followersOf(Question question) {
        return followers.getOrDefault(question, Set.of());
    }

    /** Everybody who follows anything. */
    Set<LiveConnection> everybody() {
        return following.keySet();
    }
}
