package dev.lockstep.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One row of the chain without its own hash, and how that is made. */
record AuditRow(
        long seq,
        Instant at,
        @Nullable String organizationId,
        String actor,
        @Nullable String impersonator,
        String action,
        String target,
        JsonNode details,
        String previousHash) {
    private static final String FORMAT = "lockstep-audit-1";

    /** In lower-case hexadecimal. */
    String hash(AuditKey key) {
        return HexFormat.of().formatHex(key.mac(canonical()));
    }

    /** Every field with its length before it, so that no two rows share their bytes. */
    private byte[] canonical() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            text(out, FORMAT);
            text(out, previousHash);
            out.writeLong(seq);
            out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, at));
            text(out, organizationId);
            text(out, actor);
            text(out, impersonator);
            text(out, action);
            text(out, target);
            Map<String, JsonNode> sorted = new TreeMap<>();
            details.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
            out.writeInt(sorted.size());
            for (var entry : sorted.entrySet()) {
                text(out, entry.getKey());
                text(out, entry.getValue().toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void text(DataOutputStream out, @Nullable String value) throws IOException {
        if (value == null) {
            out.writeInt(-1);
            return;
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    @Override
    public String toString() {
        return "AuditRow[" + seq + " " + action + "]";
    }
}
