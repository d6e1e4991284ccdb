package dev.lockstep.starter.web;

/** Ends a request with a problem document. Thrown by the web room only; it is an answer, not a failure. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.code(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
