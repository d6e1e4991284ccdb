package dev.lockstep.live.subscription;

import dev.lockstep.live.wire.ClientMessage.Call;
import org.jspecify.annotations.Nullable;

/**
 * A query as a browser follows it: which function, and with what. Two browsers that ask the same have equal questions.
 *
 * @param path canonical name of the function
 * @param component empty for the root; nothing else exists
 * @param argsJson the argument object as JSON text; clients write it with sorted keys
 * @param journal what an earlier answer carried, or null; whoever runs the query checks it
 */
public record Question(
        String path,
        String component,
        String argsJson,
        @Nullable String journal) {
    /** A question that is asked for the first time. */
    public Question(String path, String component, String argsJson) {
        this(path, component, argsJson, null);
    }

    /** The question that a client's message asks. */
    public static Question of(Call call, @Nullable String journal) {
        String component = call.component();
        return new Question(
                call.path().value(),
                component == null ? "" : component,
                call.args().toString(),
                journal);
    }

    /** The same question, asked again after an answer with this journal. */
    public Question withJournal(@Nullable String carried) {
        return new Question(path, component, argsJson, carried);
    }

    @Override
    public String toString() {
        return "Question[" + path + "]";
    }
}
