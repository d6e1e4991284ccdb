package dev.lockstep.embedded;

import java.nio.file.Path;

/** A Java process with an embedded PostgreSQL in it, made to be killed from outside. */
final class Killable {
    private Killable() {}

    /** Starts the cluster of the folders given, prints {@code port pid password} and waits to be killed. */
    public static void main(String[] folders) throws InterruptedException {
        EmbeddedPostgres postgres =
                EmbeddedPostgres.start(EmbeddedPostgresSettings.in(Path.of(folders[0]), Path.of(folders[1])));
        System.out.println("READY " + postgres.port() + " " + postgres.pid() + " " + postgres.password());
        Thread.currentThread().join();
    }
}
