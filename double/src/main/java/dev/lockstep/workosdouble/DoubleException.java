package dev.lockstep.workosdouble;

/** The double itself cannot go on (port taken, folder in use, journal damaged). Never an answer of the API. */
public final class DoubleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    DoubleException(String code, String message) {
        super(code + ": " + message);
        this.code = code;
    }

    DoubleException(String code, String message, Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    /** The stable code, {@code DOUBLE_…}. */
    public String code() {
        return code;
    }
}
