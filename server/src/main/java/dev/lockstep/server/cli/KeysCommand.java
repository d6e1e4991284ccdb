package dev.lockstep.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code keys}: changing the cookie password without signing anybody out. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Changes the cookie password without signing anybody out.",
        subcommands = KeysCommand.Rotate.class)
final class KeysCommand extends CommandGroup {
    /** {@code keys rotate}. */
    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = {
                "Does the next of three steps and says what to do before the one after: learn the new password, seal"
                        + " with it, forget the old one."
            })
    static final class Rotate implements Callable<Integer> {
        private static final int PASSWORD_BYTES = 32;
        private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

        @Spec
        @Nullable
        CommandSpec spec;

        @Option(
                names = "--file",
                defaultValue = ".env",
                description = "The environment file that the nodes start with (default: ${DEFAULT-VALUE}).")
        Path file = Path.of(".env");

        @Option(names = "--now", description = "Forget the old password although cookies under it may be around.")
        boolean hurry;

        @Mixin
        Target target = new Target();

        private final InstantSource clock = InstantSource.system();

        @Override
        public Integer call() throws IOException {
            PrintWriter out = EventsCommand.out(spec);
            if (!Files.isRegularFile(file)) {
                throw new IllegalStateException(
                        "There is no file " + file + "; name it with --file, or change the password where you keep it");
            }
            return switch (KeyRotation.next(Files.readAllLines(file), fresh(), now(), hurry)) {
                case KeyRotation.Change change -> {
                    target.operatorLog()
                            .record(
                                    "operator.keys.rotate",
                                    "keys:cookie",
                                    Map.of("step", Integer.toString(change.number())));
                    write(change.lines());
                    out.println("Step " + change.number() + " of 3. " + change.say());
                    yield done(out, 0);
                }
                case KeyRotation.Wait wait -> {
                    out.println("Cookies under the old password may be around until " + wait.until()
                            + ". Run this again then, or with --now to sign their owners out.");
                    yield done(out, 1);
                }
                case KeyRotation.Impossible impossible -> throw new IllegalStateException(impossible.why());
            };
        }

        private static int done(PrintWriter out, int code) {
            out.flush();
            return code;
        }

        private Instant now() {
            return clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        }

        private static String fresh() {
            byte[] octets = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(octets);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        }

        /** Whole or not at all, and for nobody else to read. */
        private void write(List<String> lines) throws IOException {
            Path folder = file.toAbsolutePath().getParent();
            Path draft = Files.createTempFile(folder, ".env", ".draft");
            try {
                if (Files.getFileStore(draft).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(draft, OWNER_ONLY);
                }
                Files.write(draft, lines);
                Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        }
    }
}
