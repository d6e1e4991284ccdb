package dev.lockstep.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lockstep.workosdouble.WorkOsDouble;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Access tokens that WorkOS never made, each from a genuine one. */
final class ForgedTokens {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ForgedTokens() {}

    /**
     * Every forgery by its name.
     *
     * @param elsewhere an address under the forger's control, for headers that point at keys
     */
    static Map<String, String> of(String genuine, WorkOsDouble workOs, URI elsewhere) throws Exception {
        String[] parts = genuine.split("\\.");
        String payload = parts[1];
        String kid = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]))
                .get("kid")
                .asString();
        PublicKey published = published(workOs, kid);
        KeyPair foreign = KeyPairGenerator.getInstance("RSA").generateKeyPair();

        Map<String, String> forged = new LinkedHashMap<>();
        for (String none : new String[] {"none", "None", "NONE"}) {
            forged.put("alg " + none, header(none, kid) + "." + payload + ".");
        }
        forged.put("empty signature", parts[0] + "." + payload + ".");
        forged.put("no signature", parts[0] + "." + payload);
        forged.put("HS256 with the published key as DER", hmac(header("HS256", kid), payload, published.getEncoded()));
        forged.put("HS256 with the published key as PEM", hmac(header("HS256", kid), payload, pem(published)));
        forged.put("foreign key under our id", signed(header("RS256", kid), payload, foreign));
        for (String pointer : new String[] {"jku", "x5u"}) {
            ObjectNode header = plain("RS256", kid).put(pointer, elsewhere + "/keys");
            forged.put("foreign key with " + pointer, signed(encoded(header.toString()), payload, foreign));
        }
        ObjectNode inline = plain("RS256", kid);
        inline.set("jwk", jwk((RSAPublicKey) foreign.getPublic()));
        forged.put("foreign key with jwk", signed(encoded(inline.toString()), payload, foreign));
        forged.put("five segments", genuine + ".AAAA.AAAA");
        forged.put("another spelling of base64url", parts[0] + "=." + payload + "." + parts[2]);
        forged.put("changed payload", parts[0] + "." + changed(payload) + "." + parts[2]);
        forged.put("empty", "..");
        return forged;
    }

    private static String changed(String payload) {
        ObjectNode claims = (ObjectNode) JSON.readTree(Base64.getUrlDecoder().decode(payload));
        return encoded(claims.put("role", "owner").put("exp", 4_000_000_000L).toString());
    }

    private static PublicKey published(WorkOsDouble workOs, String kid) throws Exception {
        URI address = URI.create(workOs.baseUrl() + "/sso/jwks/" + workOs.clientId());
        try (HttpClient client = HttpClient.newHttpClient()) {
            String document = client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                    .body();
            for (JsonNode key : JSON.readTree(document).get("keys")) {
                if (key.get("kid").asString().equals(kid)) {
                    return KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")));
                }
            }
        }
        throw new AssertionError("the double publishes no key " + kid);
    }

    private static BigInteger number(JsonNode key, String name) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.get(name).asString()));
    }

    private static ObjectNode jwk(RSAPublicKey key) {
        return JSON.createObjectNode()
                .put("kty", "RSA")
                .put("n", encoded(key.getModulus().toByteArray()))
                .put("e", encoded(key.getPublicExponent().toByteArray()));
    }

    private static ObjectNode plain(String algorithm, String kid) {
        return JSON.createObjectNode().put("alg", algorithm).put("kid", kid);
    }

    private static String header(String algorithm, String kid) {
        return encoded(plain(algorithm, kid).toString());
    }

    private static byte[] pem(PublicKey key) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return ("-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n").getBytes(US_ASCII);
    }

    private static String hmac(String header, String payload, byte[] secret) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return header + "." + payload + "." + encoded(mac.doFinal((header + "." + payload).getBytes(US_ASCII)));
    }

    private static String signed(String header, String payload, KeyPair pair) throws Exception {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(pair.getPrivate());
        signature.update((header + "." + payload).getBytes(US_ASCII));
        return header + "." + payload + "." + encoded(signature.sign());
    }

    private static String encoded(String text) {
        return encoded(text.getBytes(UTF_8));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
