package dev.lockstep.live.shape;

/** A Java type that cannot be an argument or a result. Found at start, when functions are registered. */
public final class ShapeProblem extends RuntimeException {
    private static final String CODE = "LIVE_TYPE_UNUSABLE";
    private static final long serialVersionUID = 1L;

    ShapeProblem(String sentence) {
        super(CODE + ": " + sentence);
    }
}
