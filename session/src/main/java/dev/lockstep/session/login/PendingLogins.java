package dev.lockstep.session.login;

import dev.lockstep.session.json.StrictJson;
import dev.lockstep.session.sealing.CookieKeys;
import dev.lockstep.session.sealing.PurposeSeal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes and opens the sealed blob that is both the {@code state} parameter and the attempt's cookie. Its keys are not
 * the session's: neither ever opens as the other. Keeps nothing. Safe for any number of threads.
 */
public final class PendingLogins {
    /** How long an attempt may take. */
    static final Duration LIFE = Duration.ofMinutes(10);

    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final int VERIFIER_BYTES = 32;
    private static final int NONCE_BYTES = 16;

    private final PurposeSeal seal;
    private final InstantSource clock;
    private final SecureRandom random;

    public PendingLogins(CookieKeys keys, InstantSource clock, SecureRandom random) {
        this.seal = new PurposeSeal(keys, "login-flow", clock, random);
        this.clock = clock;
        this.random = random;
    }

    /** What a blob turned out to be. */
    sealed interface Opening {}

    record Current(PendingLogin login) implements Opening {}

    record Late() implements Opening {}

    record Foreign() implements Opening {}

    PendingLogin start(String returnPath, @Nullable String appState, @Nullable String redirectUri) {
        return new PendingLogin(random(VERIFIER_BYTES), returnPath, clock.instant(), appState, redirectUri);
    }

    String sealed(PendingLogin login) {
        ObjectNode json = StrictJson.MAPPER.createObjectNode();
        json.put("nonce", random(NONCE_BYTES));
        json.put("codeVerifier", login.verifier());
        json.put("returnPath", login.returnPath());
        json.put("startedAt", login.startedAt().toEpochMilli());
        if (login.appState() != null) {
            json.put("appState", login.appState());
        }
        if (login.redirectUri() != null) {
            json.put("redirectUri", login.redirectUri());
        }
        return seal.seal(StrictJson.MAPPER.writeValueAsBytes(json), LIFE);
    }

    Opening open(String state) {
        return switch (seal.open(state)) {
            case PurposeSeal.Opened opened ->
                StrictJson.object(opened.content())
                        .flatMap(PendingLogins::read)
                        .map(this::inTime)
                        .orElseGet(Foreign::new);
            case PurposeSeal.Expired expired -> new Late();
            case PurposeSeal.Unreadable unreadable -> new Foreign();
        };
    }

    static String challenge(String verifier) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this Java runtime has no SHA-256", impossible);
        }
    }

    /** The seal's own end forgives clocks; this one, inside it, does not forgive lateness. */
    private Opening inTime(PendingLogin login) {
        Duration age = Duration.between(login.startedAt(), clock.instant());
        boolean late = age.compareTo(LIFE) > 0 || age.compareTo(SKEW.negated()) < 0;
        return late ? new Late() : new Current(login);
    }

    private static Optional<PendingLogin> read(ObjectNode json) {
        boolean whole = json.path("codeVerifier").isString()
                && json.path("returnPath").isString()
                && json.path("startedAt").isIntegralNumber();
        return whole
                ? Optional.of(new PendingLogin(
                        json.path("codeVerifier").stringValue(),
                        ReturnPath.of(json.path("returnPath").stringValue()),
                        Instant.ofEpochMilli(json.path("startedAt").longValue()),
                        text(json, "appState"),
                        text(json, "redirectUri")))
                : Optional.empty();
    }

    private static @Nullable String text(ObjectNode json, String name) {
        return json.path(name).isString() ? json.path(name).stringValue() : null;
    }

    private String random(int bytes) {
        byte[] octets = new byte[bytes];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
