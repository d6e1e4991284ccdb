package dev.lockstep.embedded;

import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_INIT_FAILED;
import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_PASSWORD_LOST;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The data folder of one PostgreSQL and the password of its owner. Knows nothing of running servers. */
record Cluster(Path folder, String password) {
    static final String OWNER = "postgres";

    /** Finds the cluster in the home folder, or makes it. A half-made one from a crash is never taken for a cluster. */
    static Cluster in(EmbeddedPostgresSettings settings, Binaries binaries, Rights rights) throws IOException {
        Path home = settings.homeFolder();
        Path folder = home.resolve("cluster");
        Path passwordFile = home.resolve("password");
        if (Files.exists(folder.resolve("PG_VERSION"))) {
            if (!Files.exists(passwordFile)) {
                throw new PostgresProblem(
                        POSTGRES_PASSWORD_LOST,
                        "the cluster in " + home + " has lost its password file. Restore " + passwordFile
                                + " from a backup, or move the folder away to begin with an empty database.");
            }
            return new Cluster(folder, Files.readString(passwordFile).strip());
        }
        String password = newPassword();
        writePrivate(passwordFile, password);
        Path half = home.resolve("cluster.unfinished");
        Folders.deleteAll(half);
        Folders.createPrivate(half);
        rights.prepare(home);
        initialise(settings, binaries, rights, half, passwordFile);
        Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
        return new Cluster(folder, password);
    }

    private static void initialise(
            EmbeddedPostgresSettings settings, Binaries binaries, Rights rights, Path half, Path passwordFile)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                binaries.program("initdb").toString(),
                "--pgdata=" + half,
                "--username=" + OWNER,
                "--auth=scram-sha-256",
                "--pwfile=" + passwordFile,
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C"));
        if (settings.throwAwayWithoutFsync()) {
            command.add("--no-sync");
        }
        Path output = settings.homeFolder().resolve("initdb.log");
        Process process = new ProcessBuilder(rights.command(command))
                .directory(settings.homeFolder().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(settings.startTimeout().toMillis(), TimeUnit.MILLISECONDS);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new PostgresProblem(
                        POSTGRES_INIT_FAILED,
                        "initdb " + (ended ? "ended with " + process.exitValue() : "did not end in time")
                                + "; its output is in " + output + ": " + LogTail.of(output) + rights.hint());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new PostgresProblem(POSTGRES_INIT_FAILED, "initdb was interrupted. Start again.", e);
        }
    }

    private static String newPassword() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static void writePrivate(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }
}
