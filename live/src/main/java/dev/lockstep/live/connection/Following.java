package dev.lockstep.live.connection;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.subscription.Question;
import java.util.List;

/**
 * What a socket follows and for whom. A closed one follows nothing, in its last version.
 *
 * @param version differs from every other of the socket
 * @param caller whom it speaks for
 * @param questions one for each query, so possibly the same twice
 */
public record Following(long version, Caller caller, List<Question> questions) {
    static final long OVER = Long.MAX_VALUE;

    public Following {
        questions = List.copyOf(questions);
    }

    /** Whether the socket is closed. */
    public boolean isOver() {
        return version == OVER;
    }
}
