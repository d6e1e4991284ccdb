package dev.lockstep.workosdouble;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that creates users until it is killed, and says each id only after the double answered. */
final class CrashingDouble {
    private CrashingDouble() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        WorkOsDouble workos = WorkOsDouble.start(
                DoubleSettings.builder().folder(Path.of(arguments[0])).build());
        for (int writer = 0; writer < 4; writer++) {
            int number = writer;
            Thread.ofPlatform().start(() -> {
                for (long i = 0; ; i++) {
                    String email = "u" + number + "-" + System.nanoTime() + "-" + i + "@example.test";
                    out.println(workos.createUser(NewUser.named(email, "U", "X")));
                }
            });
        }
    }
}
