package dev.lockstep.workos;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The one exception of this module: it carries a {@link WorkOsProblem}, and its text is safe for any log. */
public final class WorkOsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient WorkOsProblem problem;
    private final transient @Nullable JsonNode details;

    /** Wraps a problem. */
    public WorkOsException(WorkOsProblem problem) {
        this(problem, null);
    }

    /** Wraps a problem and what caused it, or null. */
    public WorkOsException(WorkOsProblem problem, @Nullable Throwable cause) {
        this(problem, cause, null);
    }

    WorkOsException(WorkOsProblem problem, @Nullable Throwable cause, @Nullable JsonNode details) {
        super(problem.code() + ": " + problem.message(), cause);
        this.problem = problem;
        this.details = details;
    }

    /** Returns what went wrong, to switch on. */
    public WorkOsProblem problem() {
        return problem;
    }

    /** Returns the object that came with a refusal; never for a log, it may hold tokens and addresses. */
    public Optional<JsonNode> details() {
        return Optional.ofNullable(details);
    }
}
