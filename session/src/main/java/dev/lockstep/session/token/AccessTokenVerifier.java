package dev.lockstep.session.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an access token may be believed: RS256 by a key of WorkOS, from an issuer we listen to, for our
 * client, of the right kind and time. Follows no address in a token. Safe for any number of threads; blocks only while
 * the keys are fetched.
 */
public final class AccessTokenVerifier {
    /** The longest token that is looked at, in characters. */
    public static final int LONGEST = 16_384;
    /** The longest an access token may live. */
    public static final Duration LONGEST_LIFE = Duration.ofHours(24);

    private static final JWSHeader RS256 = new JWSHeader(JWSAlgorithm.RS256);
    private static final List<String> REFUSED_HEADERS = List.of("jku", "jwk", "x5u", "x5c", "crit", "b64", "zip");
    private static final Set<String> ACCEPTED_TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    private final SigningKeys keys;
    private final TokenSettings settings;
    private final InstantSource clock;

    public AccessTokenVerifier(SigningKeys keys, TokenSettings settings, InstantSource clock) {
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
    }

    /** Judges a token. Never throws on what it is given. */
    public TokenOutcome verify(String token) {
        return verify(token, keys::find);
    }

    /**
     * Judges a token that WorkOS itself just handed us. The same, but a key that is not known yet is asked for sooner.
     */
    public TokenOutcome verifyFresh(String token) {
        return verify(token, keys::findFresh);
    }

    /**
     * Reads a token's claims without any proof. Only for a token whose genuineness something else has shown, such as the
     * seal of our own cookie, and never to let somebody in.
     */
    public static Optional<AccessToken> claimsWithoutProof(String token) {
        return token.length() > LONGEST
                ? Optional.empty()
                : RawToken.parse(token).flatMap(raw -> Claims.read(raw.claims()));
    }

    /** Returns a number that changes when the signing keys do; negative while none may be trusted. */
    public long keyGeneration() {
        return keys.generation();
    }

    /** Judges again, by the clock alone, a token that was found genuine before. */
    public TokenOutcome atPresent(AccessToken genuine) {
        Instant now = clock.instant();
        if (genuine.issuedAt().isAfter(now.plus(settings.leeway()))) {
            return new TokenOutcome.Invalid(TokenFault.NOT_YET_VALID);
        }
        return now.isBefore(genuine.expiresAt().plus(settings.leeway()))
                ? new TokenOutcome.Valid(genuine)
                : new TokenOutcome.Expired(genuine);
    }

    private interface KeyFinder {
        SigningKeys.Lookup find(@Nullable String keyId);
    }

    private TokenOutcome verify(String token, KeyFinder finder) {
        if (token.length() > LONGEST) {
            return new TokenOutcome.Invalid(TokenFault.TOO_LONG);
        }
        Optional<RawToken> raw = RawToken.parse(token);
        return raw.isEmpty() ? new TokenOutcome.Invalid(TokenFault.MALFORMED) : verify(raw.get(), finder);
    }

    private TokenOutcome verify(RawToken raw, KeyFinder finder) {
        Optional<TokenFault> headerFault = headerFault(raw);
        if (headerFault.isPresent()) {
            return new TokenOutcome.Invalid(headerFault.get());
        }
        Optional<AccessToken> claims = Claims.read(raw.claims());
        if (claims.isEmpty()) {
            return new TokenOutcome.Invalid(TokenFault.CLAIMS);
        }
        Optional<TokenFault> claimsFault = claimsFault(raw);
        if (claimsFault.isPresent()) {
            return new TokenOutcome.Invalid(claimsFault.get());
        }
        return switch (finder.find(raw.headerText("kid"))) {
            case SigningKeys.Found found ->
                isSignedBy(found.key(), raw)
                        ? judgeTime(raw, claims.get())
                        : new TokenOutcome.Invalid(TokenFault.SIGNATURE);
            case SigningKeys.Unknown unknown -> new TokenOutcome.Invalid(TokenFault.UNKNOWN_KEY);
            case SigningKeys.OutOfReach out -> new TokenOutcome.CannotVerify(out.reason(), out.retryAfter());
        };
    }

    private static Optional<TokenFault> headerFault(RawToken raw) {
        if (!"RS256".equals(raw.headerText("alg"))) {
            return Optional.of(TokenFault.ALGORITHM);
        }
        if (REFUSED_HEADERS.stream().anyMatch(raw.header()::has)
                || (raw.header().has("kid") && raw.headerText("kid") == null)) {
            return Optional.of(TokenFault.HEADER);
        }
        String type = raw.headerText("typ");
        boolean typeFits =
                type == null ? !raw.header().has("typ") : ACCEPTED_TYPES.contains(type.toLowerCase(Locale.ROOT));
        return typeFits ? Optional.empty() : Optional.of(TokenFault.TYPE);
    }

    /** What can be told before the signature is known, so that a stranger's token costs no fetch of keys. */
    private Optional<TokenFault> claimsFault(RawToken raw) {
        String issuer = Claims.text(raw.claims(), "iss");
        if (issuer == null || !settings.issuers().contains(issuer)) {
            return Optional.of(TokenFault.ISSUER);
        }
        if (Claims.areOfAnotherKind(raw.claims())) {
            return Optional.of(TokenFault.TYPE);
        }
        return Claims.areFor(raw.claims(), settings.audiences()) ? Optional.empty() : Optional.of(TokenFault.AUDIENCE);
    }

    private static boolean isSignedBy(RSAPublicKey key, RawToken raw) {
        try {
            return new RSASSAVerifier(key).verify(RS256, raw.signed(), raw.signature());
        } catch (JOSEException impossible) {
            throw new IllegalStateException("this Java runtime cannot check RS256 signatures", impossible);
        }
    }

    private TokenOutcome judgeTime(RawToken raw, AccessToken token) {
        if (token.lifetime().compareTo(LONGEST_LIFE) > 0) {
            return new TokenOutcome.Invalid(TokenFault.LIFETIME);
        }
        Instant notBefore = Claims.time(raw.claims(), "nbf");
        if (notBefore != null && notBefore.isAfter(clock.instant().plus(settings.leeway()))) {
            return new TokenOutcome.Invalid(TokenFault.NOT_YET_VALID);
        }
        return atPresent(token);
    }
}
