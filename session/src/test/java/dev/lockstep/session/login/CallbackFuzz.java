package dev.lockstep.session.login;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Feeds the way back from WorkOS: a state that we did not seal never spends a code and never signs anybody in. */
public final class CallbackFuzz {
    private static final LoginKit KIT = new LoginKit();

    private CallbackFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        int half = text.length() / 2;
        String state = text.substring(0, half);
        complete(Map.of("state", List.of(state), "code", List.of("code_1")), FlowCookie.nameFor(state) + "=" + state);
        complete(Map.of("state", List.of(state), "code", List.of(text)), text);
        complete(
                Map.of("error", List.of(text), "error_description", List.of(text), "iss", List.of(state)),
                text.substring(half));
        LoginStart start = KIT.flow.begin(
                LoginRequest.to(text).withLoginHint(text).withProvider(state).withInvitation(text), List.of(text));
        if (start.authorizeUrl().chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new IllegalStateException("a link broke the address of WorkOS");
        }
        if (start.setCookies().stream().anyMatch(cookie -> cookie.indexOf('\r') >= 0 || cookie.indexOf('\n') >= 0)) {
            throw new IllegalStateException("a link broke a header");
        }
    }

    private static void complete(Map<String, List<String>> parameters, String cookies) {
        LoginOutcome outcome = KIT.flow.complete(new CallbackRequest(parameters, List.of(cookies), null, null));
        boolean refused = outcome instanceof LoginOutcome.Refused || outcome instanceof LoginOutcome.RestartLogin;
        if (!refused || KIT.exchange.calls.get() > 0) {
            throw new IllegalStateException("a made-up state was believed");
        }
    }
}
