package dev.lockstep.server;

import dev.lockstep.server.cli.LockstepCommand;
import org.springframework.boot.logging.LoggingSystem;

/** The process: hands the words of the command line to the verbs and leaves with their exit code. */
public final class LockstepServer {
    private LockstepServer() {}

    /** Runs one verb. Exit codes: 0 done, 1 failed, 2 wrong words or wrong configuration. */
    public static void main(String[] args) {
        // Quiet until the server's own settings say where logs go; otherwise every verb would print debugging lines.
        LoggingSystem.get(LockstepServer.class.getClassLoader()).beforeInitialize();
        int code = LockstepCommand.run(args);
        if (code != LockstepCommand.STAYS_UP) {
            System.exit(code);
        }
    }
}
