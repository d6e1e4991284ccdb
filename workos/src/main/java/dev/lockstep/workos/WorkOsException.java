package dev.lockstep.workos;

import org.jspecify.annotations.Nullable;

/** The one exception of this module: it carries a {@link WorkOsProblem}, and its text is safe for any log. */
public final class WorkOsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient WorkOsProblem problem;

    /** Wraps a problem. */
    public WorkOsException(WorkOsProblem problem) {
        this(problem, null);
    }

    /** Wraps a problem and what caused it, or null. */
    public WorkOsException(WorkOsProblem problem, @Nullable Throwable cause) {
        super(problem.code() + ": " + problem.message(), cause);
        this.problem = problem;
    }

    /** Returns what went wrong, to switch on. */
    public WorkOsProblem problem() {
        return problem;
    }
}
