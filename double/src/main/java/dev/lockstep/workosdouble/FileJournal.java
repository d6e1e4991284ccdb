package dev.lockstep.workosdouble;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Append-only JSON lines, one per change, forced to disk before a change is answered. Threads that wait at the same
 * time share one sync. A line counts once its newline is there: a torn last line is cut off at the next start.
 *
 * <p>It writes through {@link RandomAccessFile}, because an interrupted thread would close a channel for everybody.
 */
final class FileJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(FileJournal.class);
    private static final String NAME = "double.journal";
    static final long COMPACT_FROM_BYTES = 32L << 20;

    private final Path folder;
    private final long compactFromBytes;
    private final FileChannel lockChannel;
    private final FileLock fileLock;
    private final ReentrantLock forcing = new ReentrantLock();

    /** Replaced by compaction only, which holds both the world's lock and {@code forcing}. */
    private volatile RandomAccessFile file;

    /** Only grow. */
    private volatile long appended;

    private volatile long durable;

    private long bytes;
    private long bytesAfterCompaction;
    private volatile @Nullable Throwable failure;

    private FileJournal(
            Path folder,
            long compactFromBytes,
            FileChannel lockChannel,
            FileLock fileLock,
            RandomAccessFile file,
            long bytes) {
        this.folder = folder;
        this.compactFromBytes = compactFromBytes;
        this.lockChannel = lockChannel;
        this.fileLock = fileLock;
        this.file = file;
        this.bytes = bytes;
    }

    static FileJournal open(Path folder, long compactFromBytes, Consumer<Fact.Line> replay) {
        try {
            Files.createDirectories(folder);
            FileChannel lockChannel = FileChannel.open(
                    folder.resolve("double.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = lock(lockChannel, folder);
            try {
                Path path = folder.resolve(NAME);
                long good = Files.exists(path) ? replay(path, replay) : 0;
                return new FileJournal(folder, compactFromBytes, lockChannel, lock, forAppending(path, good), good);
            } catch (IOException | RuntimeException e) {
                lockChannel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new DoubleException(
                    "DOUBLE_FOLDER_UNUSABLE", "the folder cannot be read or written; check that it exists", e);
        }
    }

    private static RandomAccessFile forAppending(Path path, long good) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        ownerOnly(path);
        if (file.length() > good) {
            LOG.warn("The journal's last line was torn; {} bytes were cut off.", file.length() - good);
            file.setLength(good);
        }
        file.seek(good);
        file.getFD().sync();
        return file;
    }

    private static FileLock lock(FileChannel lockChannel, Path folder) throws IOException {
        FileLock lock;
        try {
            lock = lockChannel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            lockChannel.close();
            throw new DoubleException(
                    "DOUBLE_FOLDER_IN_USE",
                    "another double uses " + folder.getFileName() + "; stop it or name another folder");
        }
        return lock;
    }

    /** The journal holds the signing key and live refresh tokens. */
    private static void ownerOnly(Path path) throws IOException {
        if (Files.getFileStore(path).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(
                    path, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        }
    }

    /** The number of bytes up to the end of the last whole line. */
    private static long replay(Path file, Consumer<Fact.Line> replay) throws IOException {
        long good = 0;
        long number = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b != '\n') {
                    line.write(b);
                    continue;
                }
                number++;
                try {
                    replay.accept(Json.read(line.toString(StandardCharsets.UTF_8), Fact.Line.class));
                } catch (JacksonException e) {
                    if (in.read() >= 0) {
                        throw new DoubleException(
                                "DOUBLE_JOURNAL_DAMAGED",
                                "line " + number + " cannot be read and is not the last; move the folder away",
                                e);
                    }
                    return good;
                }
                good += line.size() + 1L;
                line.reset();
            }
        }
        return good;
    }

    @Override
    public long append(Fact.Line line) {
        refuseAfterFailure();
        byte[] text = text(line);
        try {
            file.write(text);
        } catch (IOException e) {
            failure = e;
            throw new DoubleException(
                    "DOUBLE_JOURNAL_UNWRITABLE", "the journal cannot be written; is the disk full?", e);
        }
        bytes += text.length;
        long ticket = appended + 1;
        appended = ticket;
        return ticket;
    }

    @Override
    public void awaitDurable(long ticket) {
        if (durable >= ticket) {
            return;
        }
        forcing.lock();
        try {
            if (durable >= ticket) {
                return;
            }
            refuseAfterFailure();
            long upTo = appended;
            file.getFD().sync();
            durable = upTo;
        } catch (IOException e) {
            failure = e;
            throw new DoubleException("DOUBLE_JOURNAL_UNWRITABLE", "the journal cannot be forced to disk", e);
        } finally {
            forcing.unlock();
        }
    }

    @Override
    public void compactIfLarge(Supplier<List<Fact>> facts) {
        if (bytes < compactFromBytes || bytes < 2 * bytesAfterCompaction) {
            return;
        }
        forcing.lock();
        try {
            Path fresh = folder.resolve(NAME + ".new");
            Files.deleteIfExists(fresh);
            RandomAccessFile next = forAppending(fresh, 0);
            for (Fact fact : facts.get()) {
                next.write(text(new Fact.Line(List.of(fact))));
            }
            next.getFD().sync();
            Files.move(
                    fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder();
            file.close();
            file = next;
            bytes = next.length();
            bytesAfterCompaction = bytes;
            durable = appended;
        } catch (IOException e) {
            failure = e;
            throw new DoubleException("DOUBLE_JOURNAL_UNWRITABLE", "the journal cannot be compacted", e);
        } finally {
            forcing.unlock();
        }
    }

    /** Without this a power cut could bring the old file back after the rename. Not every system can open a folder. */
    private void forceFolder() {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (IOException e) {
            LOG.debug("This system cannot force a folder to disk.", e);
        }
    }

    private static byte[] text(Fact.Line line) {
        return (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void refuseAfterFailure() {
        Throwable known = failure;
        if (known != null) {
            throw new DoubleException(
                    "DOUBLE_JOURNAL_UNWRITABLE", "an earlier write failed; restart the double", known);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
            fileLock.release();
            lockChannel.close();
        } catch (IOException e) {
            LOG.warn("The journal did not close cleanly.", e);
        }
    }
}
