package dev.lockstep.session.login;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parameters of a way back that matter; blank counts as missing. Prints no value. */
record CallbackParameters(
        Optional<String> code,
        Optional<String> state,
        Optional<String> error,
        Optional<String> issuer,
        boolean repeated) {
    private static final List<String> ONCE = List.of("code", "state", "error", "error_description", "iss");
    private static final int LONGEST = 8192;

    static CallbackParameters of(Map<String, List<String>> parameters) {
        boolean repeated = ONCE.stream()
                .anyMatch(name -> parameters.getOrDefault(name, List.of()).size() > 1);
        return new CallbackParameters(
                one(parameters, "code"),
                one(parameters, "state"),
                one(parameters, "error"),
                one(parameters, "iss"),
                repeated);
    }

    private static Optional<String> one(Map<String, List<String>> parameters, String name) {
        return parameters.getOrDefault(name, List.of()).stream()
                .findFirst()
                .filter(value -> !value.isBlank() && value.length() <= LONGEST);
    }

    @Override
    public String toString() {
        return "CallbackParameters[]";
    }
}
