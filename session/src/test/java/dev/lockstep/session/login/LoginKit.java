package dev.lockstep.session.login;

import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.kit.SessionKit;
import dev.lockstep.session.kit.TokenMint;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A login flow with a browser's cookie jar and a WorkOS that answers as it is told. */
final class LoginKit {
    final SessionKit session = new SessionKit();
    final FakeExchange exchange = new FakeExchange();
    final LoginSettings settings = new LoginSettings(
            "https://api.workos.com",
            TokenMint.CLIENT,
            "https://app.example.test/api/auth/callback",
            Set.of("https://api.workos.com"),
            Set.of("https://acme.app.example.test/callback"));
    final PendingLogins pending = new PendingLogins(session.keys, session.clock, session.random);
    final LoginFlow flow = new LoginFlow(settings, session.cookies, pending, exchange, session.verifier, session.clock);
    final Map<String, String> jar = new LinkedHashMap<>();

    LoginStart begin(LoginRequest request) {
        LoginStart start = flow.begin(request, cookieHeaders());
        start.setCookies().forEach(this::store);
        return start;
    }

    String beginAndGetState() {
        return query(begin(LoginRequest.to("/dashboard")).authorizeUrl())
                .get("state")
                .getFirst();
    }

    LoginOutcome comeBack(String state) {
        return comeBack(Map.of("code", List.of("code_1"), "state", List.of(state)));
    }

    LoginOutcome comeBack(Map<String, List<String>> parameters) {
        LoginOutcome outcome =
                flow.complete(new CallbackRequest(parameters, cookieHeaders(), "192.0.2.7", "Browser/1"));
        switch (outcome) {
            case LoginOutcome.SignedIn signedIn -> signedIn.setCookies().forEach(this::store);
            case LoginOutcome.RestartLogin restart -> restart.setCookies().forEach(this::store);
            case LoginOutcome.Refused refused -> refused.setCookies().forEach(this::store);
            case LoginOutcome.Unavailable unavailable -> {}
        }
        return outcome;
    }

    List<String> cookieHeaders() {
        var pairs = new ArrayList<String>();
        jar.forEach((name, value) -> pairs.add(name + "=" + value));
        return pairs.isEmpty() ? List.of() : List.of(String.join("; ", pairs));
    }

    void store(String setCookie) {
        SessionCookies.Pair pair = SessionCookies.parse(List.of(setCookie)).getFirst();
        if (pair.value().isEmpty()) {
            jar.remove(pair.name());
        } else {
            jar.put(pair.name(), pair.value());
        }
    }

    static Map<String, List<String>> query(String url) {
        var parameters = new LinkedHashMap<String, List<String>>();
        for (String pair : url.substring(url.indexOf('?') + 1).split("&")) {
            String[] parts = pair.split("=", 2);
            parameters
                    .computeIfAbsent(URLDecoder.decode(parts[0], StandardCharsets.UTF_8), name -> new ArrayList<>())
                    .add(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    /** Answers with a session of user_1 unless told otherwise, and remembers what it was given. */
    final class FakeExchange implements CodeExchange {
        final AtomicInteger calls = new AtomicInteger();
        final List<Grant> grants = new ArrayList<>();

        @Nullable
        Refused refuse;

        @Nullable
        Unavailable unavailable;

        String user = "user_1";
        TokenMint mint = SessionKit.MINT;

        @Override
        public synchronized AuthenticationResult exchange(Grant grant) throws Refused, Unavailable {
            calls.incrementAndGet();
            grants.add(grant);
            if (refuse != null) {
                throw refuse;
            }
            if (unavailable != null) {
                throw unavailable;
            }
            return new AuthenticationResult(
                    mint.token(session.clock.instant()), "rt_1", SessionKit.user(user), null, null, "Password");
        }
    }
}
