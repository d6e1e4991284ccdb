package dev.lockstep.session.kit;

import dev.lockstep.identity.Impersonator;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.session.sealing.SealedSession;
import dev.lockstep.session.sealing.UserJson;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Sessions and passwords nobody would think of, the same for the same seed. */
public final class RandomSessions {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> PIECES = List.of(
            "a", "Z", "9", " ", "\"", "\\", "/", "é", "ß", "ツ", "日本", "😀", "👩‍🚀", "\u202E", "\u0000", "\n", "\u2028",
            "~2", "*", "%7E", "<b>", "𐍈", "\uFEFF", "{", "}", "null");

    private final Random random;

    public RandomSessions(long seed) {
        this.random = new Random(seed);
    }

    /**
     * One session in every form it has.
     *
     * @param password what it is sealed with
     * @param apiJson what WorkOS's API answers
     * @param session what we seal
     * @param cookieJson what is inside the seal
     */
    public record Sample(String password, String apiJson, SealedSession session, String cookieJson) {}

    public List<Sample> take(int count) {
        return Stream.generate(this::next).limit(count).toList();
    }

    private Sample next() {
        ObjectNode apiUser = apiUser();
        @Nullable
        Impersonator impersonator =
                random.nextInt(4) == 0 ? new Impersonator(text(), random.nextBoolean() ? text() : null) : null;
        @Nullable String method = random.nextBoolean() ? "GoogleOAuth" : null;
        @Nullable String organization = random.nextInt(3) == 0 ? "org_" + random.nextInt(1_000_000) : null;
        String accessToken = accessToken(organization);
        String refreshToken = "rt_" + random.nextLong();
        UserJson user = UserJson.fromApi(apiUser.toString()).orElseThrow();
        var session = new SealedSession(
                accessToken,
                refreshToken,
                user,
                impersonator,
                method,
                organization == null ? null : new OrganizationId(organization));
        ObjectNode cookie = JSON.createObjectNode();
        ObjectNode api = JSON.createObjectNode();
        if (organization != null) {
            cookie.put("organizationId", organization);
            api.put("organization_id", organization);
        }
        cookie.set("user", user.tree());
        cookie.put("accessToken", accessToken).put("refreshToken", refreshToken);
        api.set("user", apiUser);
        api.put("access_token", accessToken).put("refresh_token", refreshToken);
        if (method != null) {
            cookie.put("authenticationMethod", method);
            api.put("authentication_method", method);
        }
        if (impersonator != null) {
            ObjectNode written = JSON.createObjectNode();
            written.put("email", impersonator.email()).put("reason", impersonator.reason());
            cookie.set("impersonator", written);
            api.set("impersonator", written.deepCopy());
        }
        return new Sample(password(), api.toString(), session, cookie.toString());
    }

    private ObjectNode apiUser() {
        ObjectNode user = JSON.createObjectNode();
        user.put("object", "user").put("id", "user_" + Math.abs(random.nextLong()));
        user.put("email", text() + "@x.test").put("email_verified", random.nextBoolean());
        user.put("first_name", random.nextBoolean() ? text() : null);
        user.put("last_name", text())
                .put("profile_picture_url", random.nextBoolean() ? "https://p.test/" + text() : null);
        user.put("last_sign_in_at", random.nextBoolean() ? "2026-11-20T09:08:07.000Z" : null);
        user.put("created_at", "2026-01-02T03:04:05.670Z").put("updated_at", "2026-01-02T03:04:05.000Z");
        if (random.nextBoolean()) {
            user.put("external_id", text());
        }
        if (random.nextBoolean()) {
            ObjectNode metadata = user.putObject("metadata");
            metadata.put("k" + random.nextInt(9), text()).put("é" + text(), "");
        }
        return user;
    }

    private String accessToken(@Nullable String organization) {
        String claims =
                organization == null ? "{\"sid\":\"s\"}" : "{\"sid\":\"s\",\"org_id\":\"" + organization + "\"}";
        return TokenMint.encode("{\"alg\":\"RS256\"}") + "." + TokenMint.encode(claims) + ".c2ln";
    }

    private String password() {
        var password = new StringBuilder();
        while (password.length() < 32 + random.nextInt(60)) {
            password.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return password.toString();
    }

    private String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
