package dev.lockstep.live.wire;

/**
 * The client broke the protocol in a way from which its page cannot recover. The text reaches the client, so it never
 * repeats what the client sent.
 */
public final class WireViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Takes one sentence that says which rule was broken. */
    public WireViolation(String sentence) {
        super(sentence);
    }
}
