package dev.lockstep.server;

import dev.lockstep.store.StoreException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in a sentence why the database could not be used at the start; the whole story is of no use there. */
final class StoreFailureAnalyzer extends AbstractFailureAnalyzer<StoreException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, StoreException cause) {
        return new FailureAnalysis(
                cause.getMessage() + said(cause),
                "docs/errors.md lists every code; \"./lockstep doctor\" looks at the whole set-up.",
                cause);
    }

    private static String said(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.equals(cause) || root.getMessage() == null ? "" : " (" + root.getMessage() + ")";
    }
}
