package dev.lockstep.embedded;

import org.jspecify.annotations.Nullable;

/** Why the embedded PostgreSQL could not be unpacked, made, started or stopped, and what to do next. */
public final class PostgresProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Stable names for programs; the sentence of the problem is for people. */
    public enum Code {
        /** No PostgreSQL programs for this operating system and processor are on the class path. */
        POSTGRES_PLATFORM_UNSUPPORTED,
        /** The programs could not be unpacked. */
        POSTGRES_UNPACK_FAILED,
        /** A new cluster could not be made. */
        POSTGRES_INIT_FAILED,
        /** Another process uses the home folder. */
        POSTGRES_ALREADY_RUNNING,
        /** The cluster is there but its password file is not. */
        POSTGRES_PASSWORD_LOST,
        /** The server process ended before it was ready. */
        POSTGRES_START_FAILED,
        /** The server was not ready in time. */
        POSTGRES_START_TIMEOUT,
        /** The server runs as root and neither unshare nor setpriv can lower its rights. */
        POSTGRES_CANNOT_DROP_ROOT
    }

    private final Code code;

    PostgresProblem(Code code, String sentenceAndNextStep, @Nullable Throwable cause) {
        super(code + ": " + sentenceAndNextStep, cause);
        this.code = code;
    }

    PostgresProblem(Code code, String sentenceAndNextStep) {
        this(code, sentenceAndNextStep, null);
    }

    /** The stable name of the problem. */
    public Code code() {
        return code;
    }
}
