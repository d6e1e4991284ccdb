package dev.lockstep.live.wire;

/**
 * The name of a function in its canonical form {@code module:function}. Clients may write it with a {@code .js} suffix on
 * the module, or without a function, which then means {@code default}.
 *
 * @param value the canonical form
 */
public record FunctionPath(String value) {
    private static final int LONGEST = 512;
    private static final String SCRIPT = ".js";

    public FunctionPath {
        if (value.indexOf(':') < 0) {
            throw new IllegalArgumentException("Not canonical: a function path is module:function");
        }
    }

    /**
     * Brings a path as a client or a programmer wrote it into the canonical form. The result may name nothing.
     *
     * @throws WireViolation when the text is empty or longer than any path can be
     */
    public static FunctionPath of(String written) {
        if (written.isEmpty() || written.length() > LONGEST) {
            throw new WireViolation(
                    "A function path has " + written.length() + " characters, allowed are 1 to " + LONGEST + ".");
        }
        int colon = written.lastIndexOf(':');
        String module = colon < 0 ? written : written.substring(0, colon);
        String function = colon < 0 ? "default" : written.substring(colon + 1);
        if (module.endsWith(SCRIPT)) {
            module = module.substring(0, module.length() - SCRIPT.length());
        }
        return new FunctionPath(module + ":" + function);
    }

    @Override
    public String toString() {
        return value;
    }
}
