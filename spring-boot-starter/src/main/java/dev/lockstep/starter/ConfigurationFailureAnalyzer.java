package dev.lockstep.starter;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints a {@link ConfigurationProblem} as a list a person can work through. */
final class ConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<ConfigurationProblem> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, ConfigurationProblem cause) {
        StringBuilder text = new StringBuilder(
                "Lockstep cannot start with this configuration (" + ConfigurationProblem.CODE + "):\n");
        cause.problems().forEach(problem -> text.append("\n  - ").append(problem));
        return new FailureAnalysis(
                text.toString(),
                "Correct all of them, then start again. docs/configuration.md lists every setting.",
                cause);
    }
}
