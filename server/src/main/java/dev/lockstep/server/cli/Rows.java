package dev.lockstep.server.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Prints rows for people (columns) or for machines (one JSON object a line). */
final class Rows {
    private Rows() {}

    static void print(PrintWriter out, List<Map<String, @Nullable Object>> rows, boolean json) {
        if (json) {
            JsonMapper mapper = JsonMapper.shared();
            rows.forEach(row -> out.println(mapper.writeValueAsString(row)));
        } else if (rows.isEmpty()) {
            out.println("nothing");
        } else {
            printColumns(out, rows);
        }
        out.flush();
    }

    private static void printColumns(PrintWriter out, List<Map<String, @Nullable Object>> rows) {
        List<String> names = List.copyOf(rows.getFirst().keySet());
        int[] widths = new int[names.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = names.get(i).length();
            for (Map<String, @Nullable Object> row : rows) {
                widths[i] = Math.max(widths[i], text(row, names.get(i)).length());
            }
        }
        StringBuilder head = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            head.append(pad(names.get(i), widths[i]));
        }
        out.println(head.toString().stripTrailing());
        for (Map<String, @Nullable Object> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(pad(text(row, names.get(i)), widths[i]));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String text(Map<String, @Nullable Object> row, String name) {
        Object value = row.get(name);
        return value == null ? "-" : value.toString().replaceAll("\\p{Cntrl}", " ");
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - text.length() + 2);
    }
}
