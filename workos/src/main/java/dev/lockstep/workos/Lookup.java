package dev.lockstep.workos;

import dev.lockstep.workos.WorkOsProblem.MalformedAnswer;
import dev.lockstep.workos.WorkOsProblem.Refused;
import dev.lockstep.workos.json.JsonReading;
import dev.lockstep.workos.json.StrictJson;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Calls that answer with one object. */
public final class Lookup {
    private static final int NOT_FOUND = 404;

    private Lookup() {}

    /**
     * Asks for an object that may not exist.
     *
     * @return empty only when WorkOS itself said that there is none
     * @throws WorkOsException for every other failure
     */
    public static <T> Optional<T> find(WorkOsClient client, Call call, Function<JsonNode, T> reader) {
        try {
            return Optional.of(require(client, call, reader));
        } catch (WorkOsException e) {
            if (e.problem() instanceof Refused refused && refused.status() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Makes a call that ends an object and says nothing about it.
     *
     * @return false when WorkOS itself said that there is no such object
     * @throws WorkOsException for every other failure
     */
    public static boolean carriedOut(WorkOsClient client, Call call) {
        try {
            client.send(call);
            return true;
        } catch (WorkOsException e) {
            if (e.problem() instanceof Refused refused && refused.status() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Makes a call that must answer with an object.
     *
     * @throws WorkOsException when it does not
     */
    public static <T> T require(WorkOsClient client, Call call, Function<JsonNode, T> reader) {
        return switch (StrictJson.read(client.send(call).body())) {
            case JsonReading.Sound(JsonNode json) -> reader.apply(json);
            case JsonReading.Refused(JsonReading.Fault fault, String detail) ->
                throw new WorkOsException(new MalformedAnswer(fault + ", " + detail));
        };
    }
}
