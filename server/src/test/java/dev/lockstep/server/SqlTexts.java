package dev.lockstep.server;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Finds SQL in compiled classes by the texts of their constant pools. */
final class SqlTexts {
    private SqlTexts() {}

    /** Returns the classes with an INSERT, UPDATE, DELETE or MERGE on a table of that schema. */
    static List<String> writersOf(String schema, JavaClasses classes) {
        Pattern write = Pattern.compile(
                "(insert\\s+into|update|delete\\s+from|merge\\s+into|truncate(\\s+table)?)\\s+" + Pattern.quote(schema),
                Pattern.CASE_INSENSITIVE);
        return classes.stream()
                .filter(type -> write.matcher(text(type)).find())
                .map(JavaClass::getName)
                .toList();
    }

    private static String text(JavaClass type) {
        return type.getSource()
                .map(source -> {
                    try (InputStream in = source.getUri().toURL().openStream()) {
                        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orElse("");
    }
}
