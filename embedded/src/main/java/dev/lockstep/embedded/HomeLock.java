package dev.lockstep.embedded;

import static dev.lockstep.embedded.PostgresProblem.Code.POSTGRES_ALREADY_RUNNING;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** At most one Java process holds a home folder. The operating system lets go when the process dies, however it dies. */
final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    static HomeLock of(Path homeFolder) throws IOException {
        return tryLock(homeFolder)
                .orElseThrow(() -> new PostgresProblem(
                        POSTGRES_ALREADY_RUNNING,
                        "another process already runs the database in " + homeFolder
                                + ". Stop that one, or give this one another data folder."));
    }

    static Optional<HomeLock> tryLock(Path homeFolder) throws IOException {
        FileChannel channel =
                FileChannel.open(homeFolder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            lock = null;
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? Optional.empty() : Optional.of(new HomeLock(channel));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
