package dev.lockstep.session.token;

import com.nimbusds.jose.util.Base64URL;
import dev.lockstep.session.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A token taken apart and not yet believed: three segments, each in the one canonical base64url spelling.
 *
 * @param signed the bytes the signature is over
 * @param signature what the third segment spells
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
record RawToken(ObjectNode header, ObjectNode claims, byte[] signed, Base64URL signature) {

    /** A segment that was read already, because the library reads them in constant time, which no signature needs. */
    private static final class Segment extends Base64URL {
        private static final long serialVersionUID = 1;

        private final byte[] bytes;

        Segment(String text, byte[] bytes) {
            super(text);
            this.bytes = bytes;
        }

        @Override
        public byte[] decode() {
            return bytes.clone();
        }
    }

    static Optional<RawToken> parse(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        Optional<ObjectNode> header = canonical(parts[0]).flatMap(StrictJson::object);
        Optional<ObjectNode> claims = canonical(parts[1]).flatMap(StrictJson::object);
        Optional<byte[]> signature = canonical(parts[2]);
        if (header.isEmpty() || claims.isEmpty() || signature.isEmpty()) {
            return Optional.empty();
        }
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        return Optional.of(new RawToken(header.get(), claims.get(), signed, new Segment(parts[2], signature.get())));
    }

    /** A text of the header, or null if it is missing or something else. */
    @Nullable
    String headerText(String name) {
        JsonNode value = header.get(name);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    private static Optional<byte[]> canonical(String segment) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(segment);
            String again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            return again.equals(segment) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** Claims may be anything, so none of them is printed. */
    @Override
    public String toString() {
        return "RawToken[]";
    }
}
