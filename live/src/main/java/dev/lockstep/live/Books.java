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
    private final Map<Question, Followers> followers = new HashMap<>();

    /** The sockets that follow a question, and the one object that stands for it. */
    private record Followers(Question question, Set<LiveConnection> sockets) {}

    Books(AnswerTable answers) {
        this.answers = answers;
    }

    /** Brings the books up to what the socket says now, and returns that. */
    Following notice(LiveConnection connection) {
        Following before = following.getOrDefault(connection, NOTHING);
        return connection
                .followingSince(before.version(), this::shared)
                .map(now -> replace(connection, before, now))
                .orElse(before);
    }

    private Following replace(LiveConnection connection, Following before, Following now) {
        now.questions().forEach(question -> {
            answers.follow(question, now.caller());
            followers
                    .computeIfAbsent(question, q -> new Followers(q, new HashSet<>(2)))
                    .sockets()
                    .add(connection);
        });
        Set<Question> kept = Set.copyOf(now.questions());
        for (Question question : before.questions()) {
            answers.unfollow(question, before.caller());
            if (!kept.contains(question)) {
                followers.computeIfPresent(question, (q, all) -> without(all, connection));
            }
        }
        if (now.isOver()) {
            following.remove(connection);
        } else {
            following.put(connection, now);
        }
        return now;
    }

    private static @Nullable Followers without(Followers all, LiveConnection connection) {
        all.sockets().remove(connection);
        return all.sockets().isEmpty() ? null : all;
    }

    private Question shared(Question question) {
        Followers all = followers.get(question);
        return all == null ? question : all.question();
    }

    Set<LiveConnection> followersOf(Question question) {
        Followers all = followers.get(question);
        return all == null ? Set.of() : all.sockets();
    }

    /** Everybody who follows anything. */
    Set<LiveConnection> everybody() {
        return following.keySet();
    }
}
