package dev.lockstep.live.subscription;

import dev.lockstep.live.wire.ServerMessage.Failure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        /**
         * A value as finished JSON text.
         *
         * @param journal what the same question must be asked with from now on, or null: it holds a page to the end that
         *     it had at first
         */
        record Value(String json, @Nullable String journal) implements Outcome {
            /** A value without a journal. */
            public Value(String json) {
                this(json, null);
            }

            @Override
            public String toString() {
                return "Value[" + json.length() + " characters]";
            }
        }

        /** The journal of a value, if it has one. */
        default @Nullable String journal() {
            return null;
        }

        /** A failure. */
        record Failed(Failure failure) implements Outcome {}
    }
}
