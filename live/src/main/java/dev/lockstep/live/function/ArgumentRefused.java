package dev.lockstep.live.function;

/** The browser called a function with arguments that it does not take. The sentence names fields, never values. */
final class ArgumentRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ArgumentRefused(String sentence) {
        super(sentence);
    }
}
