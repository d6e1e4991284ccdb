package dev.lockstep.session.login;

import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.SessionCookies;
import dev.lockstep.session.problem.SessionProblem;
import dev.lockstep.session.token.AccessTokenVerifier;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Signing in with WorkOS: authorization code with PKCE, the state bound to this browser by a cookie of its own, used
 * once, good for ten minutes. Writes no response and no session cookie. Safe for any number of threads.
 */
public final class LoginFlow {
    /** How many attempts a browser may have open; the oldest go first. */
    static final int MOST_PENDING = 5;
    /** The longest state; a return path that makes it longer is dropped. */
    static final int LONGEST_STATE = 2048;

    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(5);

    private final LoginSettings settings;
    private final SessionCookies cookies;
    private final PendingLogins pending;
    private final CodeExchange exchange;
    private final Arrivals arrivals;
    private final SpentStates spent;

    public LoginFlow(
            LoginSettings settings,
            SessionCookies cookies,
            PendingLogins pending,
            CodeExchange exchange,
            AccessTokenVerifier verifier,
            InstantSource clock) {
        this.settings = settings;
        this.cookies = cookies;
        this.pending = pending;
        this.exchange = exchange;
        this.arrivals = new Arrivals(verifier);
        this.spent = new SpentStates(clock);
    }

    /**
     * Begins an attempt. Only for a navigation that really goes to WorkOS: each call sets a cookie.
     *
     * @param request what to ask WorkOS for
     * @param cookieHeaders the {@code Cookie} headers, to keep the number of open attempts small
     */
    public LoginStart begin(LoginRequest request, List<String> cookieHeaders) {
        PendingLogin login = pending.start(request.returnPath(), request.appState(), request.redirectUri());
        String state = pending.sealed(login);
        if (state.length() > LONGEST_STATE) {
            login = new PendingLogin(
                    login.verifier(), ReturnPath.HOME, login.startedAt(), login.appState(), login.redirectUri());
            state = pending.sealed(login);
        }
        if (state.length() > LONGEST_STATE) {
            throw new SessionProblem(
                    SessionProblem.Code.SESSION_LOGIN_REQUEST_INVALID,
                    List.of(
                            "the application's state makes the sign-in's cookie too long: keep it on the server and give"
                                    + " its id along"));
        }
        var setCookies = new ArrayList<String>();
        setCookies.add(cookies.setFlow(FlowCookie.nameFor(state), state, PendingLogins.LIFE));
        for (String name : FlowEviction.toDrop(cookieHeaders, pending, MOST_PENDING - 1)) {
            setCookies.add(cookies.clearFlow(name));
        }
        String challenge = PendingLogins.challenge(login.verifier());
        return new LoginStart(AuthorizeUrl.build(settings, request, state, challenge), setCookies);
    }

    /** Returns the {@code Set-Cookie} values that drop every open attempt of a browser, for signing out. */
    public List<String> dropPending(List<String> cookieHeaders) {
        return FlowEviction.names(cookieHeaders).stream()
                .map(cookies::clearFlow)
                .toList();
    }

    /** Takes the way back. Never throws on what it is given; calls WorkOS at most once. */
    public LoginOutcome complete(CallbackRequest request) {
        CallbackParameters parameters = CallbackParameters.of(request.parameters());
        if (parameters.repeated()) {
            return refused(LoginFault.PARAMETER_REPEATED);
        }
        Optional<String> state = parameters.state();
        if (parameters.error().isPresent()) {
            String error = parameters.error().get();
            LoginFault fault = error.equals("access_denied") ? LoginFault.ACCESS_DENIED : LoginFault.PROVIDER_ERROR;
            return new LoginOutcome.Refused(
                    fault, ProviderCode.of(error), state.map(this::drop).orElse(List.of()));
        }
        if (parameters.code().isEmpty()) {
            return refused(LoginFault.MISSING_AUTH_PARAMS);
        }
        if (state.isEmpty()) {
            return new LoginOutcome.RestartLogin(ReturnPath.HOME, List.of());
        }
        return complete(request, parameters, state.get(), parameters.code().get());
    }

    private LoginOutcome complete(CallbackRequest request, CallbackParameters parameters, String state, String code) {
        List<String> held = FlowEviction.values(request.cookieHeaders(), FlowCookie.nameFor(state));
        if (held.isEmpty()) {
            return refused(LoginFault.PKCE_COOKIE_MISSING);
        }
        List<String> drop = drop(state);
        if (held.size() > 1) {
            return new LoginOutcome.Refused(LoginFault.PKCE_COOKIE_REPEATED, null, drop);
        }
        if (!sameText(state, held.getFirst())) {
            return new LoginOutcome.Refused(LoginFault.STATE_MISMATCH, null, drop);
        }
        if (parameters.issuer().isPresent()
                && !settings.issuers().contains(parameters.issuer().get())) {
            return new LoginOutcome.Refused(LoginFault.ISSUER_MISMATCH, null, drop);
        }
        return switch (pending.open(state)) {
            case PendingLogins.Foreign foreign -> new LoginOutcome.Refused(LoginFault.STATE_INVALID, null, drop);
            case PendingLogins.Late late -> new LoginOutcome.Refused(LoginFault.STATE_EXPIRED, null, drop);
            case PendingLogins.Current current -> {
                var grant = new CodeExchange.Grant(
                        code, current.login().verifier(), request.ipAddress(), request.userAgent());
                yield spend(grant, state, current.login());
            }
        };
    }

    private LoginOutcome spend(CodeExchange.Grant grant, String state, PendingLogin login) {
        SpentStates.Use use = spent.take(state);
        return switch (use) {
            case FIRST, SECOND -> trade(grant, state, use, login);
            case LOST -> new LoginOutcome.RestartLogin(login.returnPath(), drop(state));
            case AGAIN, REPLAY -> new LoginOutcome.Refused(LoginFault.STATE_REPLAYED, null, drop(state));
        };
    }

    private LoginOutcome trade(CodeExchange.Grant grant, String state, SpentStates.Use use, PendingLogin login) {
        try {
            return signedIn(exchange.exchange(grant), state, login);
        } catch (CodeExchange.Refused refusal) {
            return new LoginOutcome.Refused(LoginFault.CODE_REFUSED, ProviderCode.of(refusal.code()), drop(state));
        } catch (CodeExchange.Unavailable unavailable) {
            if (unavailable.mayHaveArrived()) {
                spent.lose(state);
            } else {
                spent.giveBack(state, use);
            }
            Duration asked = unavailable.retryAfter();
            return new LoginOutcome.Unavailable(
                    String.valueOf(unavailable.getMessage()), asked == null ? DEFAULT_PAUSE : asked);
        }
    }

    private LoginOutcome signedIn(AuthenticationResult result, String state, PendingLogin login) {
        return switch (arrivals.judge(result)) {
            case Arrivals.Welcome welcome ->
                new LoginOutcome.SignedIn(
                        result,
                        welcome.token(),
                        login.returnPath(),
                        drop(state),
                        login.appState(),
                        settings.originOf(login.redirectUri()));
            case Arrivals.Unwelcome unwelcome -> new LoginOutcome.Refused(unwelcome.fault(), null, drop(state));
        };
    }

    private static LoginOutcome refused(LoginFault fault) {
        return new LoginOutcome.Refused(fault, null, List.of());
    }

    private List<String> drop(String state) {
        return List.of(cookies.clearFlow(FlowCookie.nameFor(state)));
    }

    private static boolean sameText(String left, String right) {
        return MessageDigest.isEqual(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
