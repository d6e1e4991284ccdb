package dev.lockstep.starter.web;

import dev.lockstep.session.AuthenticationResult;
import dev.lockstep.session.login.LoginFault;
import dev.lockstep.session.token.AccessToken;
import org.jspecify.annotations.Nullable;

/**
 * Hears of sign-ins that come back from WorkOS's page; an application declares a bean of it. Called on the thread of the
 * request, after the person's rows and before the cookie: what it throws ends the sign-in on the login page, and nobody
 * is signed in halfway.
 */
public interface SignInListener {
    /** Hears nothing. */
    SignInListener NONE = new SignInListener() {};

    /**
     * Somebody comes in.
     *
     * @param result what WorkOS answered; holds tokens
     * @param appState what the application gave along with {@code LoginRequest.withAppState}, or null
     */
    default void comesIn(AuthenticationResult result, AccessToken token, @Nullable String appState) {}

    /**
     * Nobody came in. Exceptions are logged and change nothing.
     *
     * @param reference what the person sees and the log knows
     */
    default void refused(LoginFault fault, String reference) {}
}
