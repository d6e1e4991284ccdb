package dev.lockstep.embedded;

import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_CANNOT_DROP_ROOT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * With whose rights the PostgreSQL processes run: PostgreSQL refuses root, so root steps down first. Each way
 * replaces itself by the wanted program, so the process id that Java sees is the program's own.
 */
enum Rights {
    /** An ordinary user: nothing to do. */
    AS_IS,
    /** Root inside a user namespace of its own, where it is nobody; files stay root's outside. */
    USER_NAMESPACE,
    /** Root becomes the user nobody, who must own the files. */
    NOBODY;

    private static final int NOBODY_ID = 65_534;

    static Rights available() {
        if (!isRoot()) {
            return AS_IS;
        }
        if (runs(USER_NAMESPACE)) {
            return USER_NAMESPACE;
        }
        if (runs(NOBODY)) {
            return NOBODY;
        }
        throw new PostgresProblem(
                POSTGRES_CANNOT_DROP_ROOT,
                "PostgreSQL does not run as root, and neither unshare -U nor setpriv works here."
                        + " Start Lockstep as an ordinary user, or set DATABASE_URL.");
    }

    List<String> command(List<String> program) {
        List<String> command = new ArrayList<>(prefix());
        command.addAll(program);
        return command;
    }

    /** Makes the folder usable by the processes. Its parents must let them pass. */
    void prepare(Path folder) throws IOException {
        if (this == NOBODY) {
            Folders.giveTo(NOBODY_ID, folder);
        }
    }

    /** What to look at first when a program of these rights cannot use a folder; may be empty. */
    String hint() {
        return this == NOBODY
                ? " (It runs as the user nobody: every parent of the data folder must let that user pass.)"
                : "";
    }

    private List<String> prefix() {
        return switch (this) {
            case AS_IS -> List.of();
            case USER_NAMESPACE -> List.of("unshare", "-U");
            case NOBODY -> List.of("setpriv", "--reuid=" + NOBODY_ID, "--regid=" + NOBODY_ID, "--clear-groups");
        };
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "root".equals(System.getProperty("user.name"));
        }
    }

    private static boolean runs(Rights rights) {
        try {
            Process process = new ProcessBuilder(rights.command(List.of("true")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
