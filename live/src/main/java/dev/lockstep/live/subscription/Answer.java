package dev.lockstep.live.subscription;

import dev.lockstep.live.wire.ServerMessage.Failure;
import java.util.Set;

/**
 * The answer to a question at some moment.
 *
 * @param outcome what the browser gets
 * @param readSet what it was read from; an answer stays right until a change touches this
 * @param callerUsed whether it was made for one caller and may not be shared with others
 */
public record Answer(Outcome outcome, Set<Dependency> readSet, boolean callerUsed) {
    public Answer {
        readSet = Set.copyOf(readSet);
    }

    /** What the browser gets. Equal outcomes are sent once. */
    public sealed interface Outcome {
        /** A value as finished JSON text. */
        record Value(String json) implements Outcome {
            @Override
            public String toString() {
                return "Value[" + json.length() + " characters]";
            }
        }

        /** A failure. */
        record Failed(Failure failure) implements Outcome {}
    }
}
