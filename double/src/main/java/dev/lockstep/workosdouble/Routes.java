package dev.lockstep.workosdouble;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which handler answers which method and path. Filled before the server starts, then read only. */
final class Routes {
    private final List<Route> routes = new ArrayList<>();

    /** Whether a route needs the API key as a Bearer token. */
    enum Access {
        KEY,
        OPEN
    }

    /** Answers one request or throws {@link ApiRefusal}. */
    interface Handler {
        Response answer(Request request);
    }

    record Match(Access access, Handler handler, Map<String, String> variables) {}

    private record Route(String method, List<String> pattern, Access access, Handler handler) {}

    Routes key(String method, String pattern, Handler handler) {
        routes.add(new Route(method, segments(pattern), Access.KEY, handler));
        return this;
    }

    Routes open(String method, String pattern, Handler handler) {
        routes.add(new Route(method, segments(pattern), Access.OPEN, handler));
        return this;
    }

    Optional<Match> find(String method, String path) {
        List<String> given = segments(path);
        for (Route route : routes) {
            if (route.method().equals(method)) {
                Optional<Map<String, String>> variables = match(route.pattern(), given);
                if (variables.isPresent()) {
                    return Optional.of(new Match(route.access(), route.handler(), variables.get()));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Map<String, String>> match(List<String> pattern, List<String> given) {
        if (pattern.size() != given.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            if (expected.startsWith("{") && !given.get(i).isBlank()) {
                variables.put(expected.substring(1, expected.length() - 1), given.get(i));
            } else if (!expected.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
