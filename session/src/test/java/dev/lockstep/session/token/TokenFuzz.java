package dev.lockstep.session.token;

import dev.lockstep.session.kit.SessionKit;
import java.nio.charset.StandardCharsets;

/** Feeds the reader of access tokens: nothing unsigned is ever valid, and no claims make it throw. */
public final class TokenFuzz {
    private static final SessionKit KIT = new SessionKit();
    private static final String HEADER = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImtleV8xIn0.";

    private TokenFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        judge(text);
        judge(HEADER + text);
        String claims = java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(data);
        judge(HEADER + claims + ".c2lnbmF0dXJl");
        AccessTokenVerifier.claimsWithoutProof(HEADER + claims + ".c2lnbmF0dXJl")
                .ifPresent(token -> KIT.verifier.atPresent(token));
    }

    private static void judge(String token) {
        if (KIT.verifier.verify(token) instanceof TokenOutcome.Valid) {
            throw new IllegalStateException("a token that nobody signed is valid");
        }
        AccessTokenVerifier.claimsWithoutProof(token);
    }
}
