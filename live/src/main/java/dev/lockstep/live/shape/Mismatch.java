package dev.lockstep.live.shape;

/** A value does not have the shape that was declared. The sentence names the field and what it must be, never the value. */
public final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Mismatch(String sentence) {
        super(sentence);
    }
}
