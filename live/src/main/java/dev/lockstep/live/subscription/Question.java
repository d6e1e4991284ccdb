package dev.lockstep.live.subscription;

import dev.lockstep.live.wire.ClientMessage.Call;

/**
 * A query as a browser follows it: which function, and with what. Two browsers that ask the same have equal questions.
 *
 * @param path canonical name of the function
 * @param component empty for the root; nothing else exists
 * @param argsJson the argument object as JSON text; clients write it with sorted keys
 */
public record Question(String path, String component, String argsJson) {
    /** The question that a client's message asks. */
    public static Question of(Call call) {
        String component = call.component();
        return new Question(
                call.path().value(),
                component == null ? "" : component,
                call.args().toString());
    }

    @Override
    public String toString() {
        return "Question[" + path + "]";
    }
}
