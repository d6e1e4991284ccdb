package dev.lockstep.session.keeping;

import dev.lockstep.identity.SessionId;
import dev.lockstep.session.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What the cookie of a session on the server holds. Prints no secret. */
record Reference(String id, SessionId session) {
    private static final int ID_BYTES = 32;
    private static final int LONGEST = 255;

    static Reference fresh(SessionId session, SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return new Reference(Base64.getUrlEncoder().withoutPadding().encodeToString(id), session);
    }

    byte[] bytes() {
        ObjectNode json = StrictJson.MAPPER.createObjectNode();
        json.put("id", id).put("sid", session.value());
        return StrictJson.MAPPER.writeValueAsBytes(json);
    }

    static Optional<Reference> parse(byte[] bytes) {
        return StrictJson.object(bytes)
                .filter(json -> fits(json, "id") && fits(json, "sid"))
                .map(json -> new Reference(
                        json.get("id").stringValue(),
                        new SessionId(json.get("sid").stringValue())));
    }

    private static boolean fits(ObjectNode json, String name) {
        return json.path(name).isString()
                && !json.get(name).stringValue().isBlank()
                && json.get(name).stringValue().length() <= LONGEST;
    }

    /** The row's key: nobody who reads the table learns the id. */
    String key() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java runtime has no SHA-256", impossible);
        }
    }

    @Override
    public String toString() {
        return "Reference[" + session + "]";
    }
}
