package dev.lockstep.live.function;

/** A function that an action called has failed, for a reason that is not the application's own. */
public final class ActionCallFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ActionCallFailed(String sentence) {
        super(sentence);
    }
}
