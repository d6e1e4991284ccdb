package dev.lockstep.starter.web;

import dev.lockstep.identity.Caller;
import jakarta.servlet.http.HttpServletRequest;

/**
 * What the session filter found out about a request. It travels as a request attribute, never as a header, so that
 * nobody outside can forge it.
 */
sealed interface RequestCaller {
    String ATTRIBUTE = RequestCaller.class.getName();

    /** The session was read to the end. */
    record Known(Caller caller) implements RequestCaller {}

    /** A session came and is worth nothing; what a handler sees is nobody. */
    record Lost() implements RequestCaller {}

    /** Keys or WorkOS cannot be reached; the caller may well be who they say. */
    record CannotVerify() implements RequestCaller {}

    /**
     * No session, but an API key that WorkOS is asked about only when a handler wants to know, so that a stranger with
     * made-up keys costs nothing elsewhere. Prints no key.
     */
    record Presented(MachineCallers machines, String key) implements RequestCaller {
        @Override
        public String toString() {
            return "Presented[redacted]";
        }
    }

    /** Returns what the filter left; a request that did not pass the filter is anonymous. */
    static RequestCaller of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof RequestCaller found
                ? found
                : new Known(new Caller.Anonymous());
    }

    /** Returns the caller, or ends the request with 503 when that cannot be said now. */
    static Caller caller(HttpServletRequest request) {
        return switch (of(request)) {
            case Known known -> known.caller();
            case Lost ignored -> new Caller.Anonymous();
            case CannotVerify ignored -> throw new Refusal(Problem.cannotVerify());
            case Presented presented -> {
                Caller caller = presented.machines().caller(presented.key());
                request.setAttribute(ATTRIBUTE, new Known(caller));
                yield caller;
            }
        };
    }

    /** Returns the person who is signed in, or ends the request with 401 or 503. */
    static Caller.SignedIn signedIn(HttpServletRequest request) {
        RequestCaller found = of(request);
        if (found instanceof Presented) {
            throw new Refusal(Problem.unauthorized());
        }
        if (found instanceof Lost) {
            throw new Refusal(Problem.invalidSession());
        }
        return switch (caller(request)) {
            case Caller.SignedIn person -> person;
            case Caller.Machine ignored -> throw new Refusal(Problem.unauthorized());
            case Caller.Anonymous ignored -> throw new Refusal(Problem.unauthorized());
        };
    }

    /** Returns the program that is calling, or ends the request with 401 or 503. */
    static Caller.Machine machine(HttpServletRequest request) {
        return switch (caller(request)) {
            case Caller.Machine machine -> machine;
            case Caller.SignedIn ignored -> throw new Refusal(Problem.unauthorized());
            case Caller.Anonymous ignored -> throw new Refusal(Problem.unauthorized());
        };
    }
}
