package dev.lockstep.server.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.Properties;

/**
 * The folder in which a demo keeps what must outlive its process: the database, the double's journal, generated secrets
 * and the ports it had. Not for production: there the secrets come from outside.
 */
public final class DemoFolder {
    private static final String NOTES = "demo.properties";

    private final Path root;
    private final SecureRandom random;

    public DemoFolder(Path root, SecureRandom random) {
        this.root = root;
        this.random = random;
    }

    /** Creates the folder when it is not there. */
    public void prepare() {
        try {
            Files.createDirectories(root);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The demo's folder " + root + " cannot be made; choose another with --data", e);
        }
    }

    public Path database() {
        return root.resolve("postgres");
    }

    public Path binaries() {
        return root.resolve("postgres-binaries");
    }

    public Path workOs() {
        return root.resolve("workos");
    }

    public Path log() {
        return root.resolve("lockstep.log");
    }

    /** Returns the secret of that name, the same one on every start; made the first time. */
    public String secret(String name) {
        return note(name).orElseGet(() -> {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            note(name, secret);
            return secret;
        });
    }

    /** Returns what was noted under that name. */
    public Optional<String> note(String name) {
        return Optional.ofNullable(read().getProperty(name));
    }

    /** Notes a value for later starts and for the other verbs of the command line. */
    public void note(String name, String value) {
        Properties notes = read();
        notes.setProperty(name, value);
        try {
            Path fresh = Files.createTempFile(
                    root,
                    NOTES,
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (OutputStream out = Files.newOutputStream(fresh)) {
                notes.store(out, "Made by the demo. Holds secrets of this demo only.");
            }
            Files.move(fresh, root.resolve(NOTES), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The demo's notes cannot be written below " + root, e);
        }
    }

    private Properties read() {
        Properties notes = new Properties();
        Path file = root.resolve(NOTES);
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                notes.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException("The demo's notes cannot be read: " + file, e);
            }
        }
        return notes;
    }
}
