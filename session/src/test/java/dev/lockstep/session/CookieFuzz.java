package dev.lockstep.session;

import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.sealing.SealedSession;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Feeds the readers of cookies: nothing made up is ever a session, and what a seal may hold survives being read. */
public final class CookieFuzz {
    private static final SessionKit KIT = new SessionKit();

    private CookieFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        int half = text.length() / 2;
        List<String> headers = List.of(text.substring(0, half), text.substring(half));
        judge(KIT.reader.read(KIT.cookies.sessionValues(headers)));
        judge(KIT.reader.read(List.of(text)));
        if (KIT.reader.sessionToEnd(List.of(text)).isPresent()) {
            throw new IllegalStateException("a made-up cookie named a session to end");
        }
        Optional<SealedSession> content = SealedSession.parse(data);
        if (content.isPresent()
                && SealedSession.parse(content.get().bytes())
                        .filter(again ->
                                Arrays.equals(again.bytes(), content.get().bytes()))
                        .isEmpty()) {
            throw new IllegalStateException("a session was not the same after being written and read");
        }
    }

    private static void judge(SessionOutcome outcome) {
        switch (outcome) {
            case SessionOutcome.Absent ignored -> {}
            case SessionOutcome.Tampered ignored -> {}
            case SessionOutcome.Expired ignored -> {}
            case SessionOutcome.Valid ignored -> throw new IllegalStateException("a made-up cookie is a session");
            case SessionOutcome.NeedsRefresh ignored ->
                throw new IllegalStateException("a made-up cookie asks for a renewal");
            case SessionOutcome.Revoked ignored -> throw new IllegalStateException("a made-up cookie was believed");
            case SessionOutcome.CannotVerify ignored ->
                throw new IllegalStateException("a made-up cookie made us ask for keys");
        }
    }
}
