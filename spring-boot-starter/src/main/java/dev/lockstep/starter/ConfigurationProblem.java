package dev.lockstep.starter;

import java.util.List;

/** The application may not start as it is configured. Carries every reason, not only the first. */
public final class ConfigurationProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The stable code of this refusal. */
    public static final String CODE = "CONFIGURATION_INVALID";

    private final transient List<String> problems;

    public ConfigurationProblem(List<String> problems) {
        super(CODE + ": " + problems.size() + " problem(s) with the configuration: " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems, each a sentence with the next step. */
    public List<String> problems() {
        return problems;
    }
}
