package dev.lockstep.live.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.wire.ClientMessage.Call;
import dev.lockstep.live.wire.ClientMessage.Modification;
import dev.lockstep.live.wire.ClientMessage.Token;
import dev.lockstep.live.wire.ServerMessage.Failure;
import dev.lockstep.live.wire.ServerMessage.QueryChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProtocolExamplesTest {
    private static final Path EXAMPLES = Path.of("..", "protocol");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final UUID PAGE = UUID.fromString("8a4f0e0c-2f0d-4b57-9c55-0d7c2f6b1a11");
    private static final long EPOCH = 1L << 48;
    private static final Failure HIDDEN = new Failure("[Request ID: 00000000000000ff] Server Error", null);

    private static final Map<String, ClientMessage> CLIENT = Map.of(
            "connect", new ClientMessage.Connect(PAGE, 2, "InternalServerError", EPOCH + 16, 1795219200000.0),
            "connect-first", new ClientMessage.Connect(PAGE, 0, null, 0, 1795219200000.0),
            "authenticate-user", new ClientMessage.Authenticate(0, new Token.User("header.payload.signature")),
            "authenticate-none", new ClientMessage.Authenticate(1, new Token.None()),
            "modify-query-set",
                    new ClientMessage.ModifyQuerySet(
                            1,
                            2,
                            List.of(
                                    new Modification.Add(0, call("users:me", "{}"), null),
                                    new Modification.Add(
                                            1, call("users:getByWorkOSId", "{\"workosUserId\":\"user_ada\"}"), null),
                                    new Modification.Remove(7))),
            "mutation",
                    new ClientMessage.Mutation(
                            3, call("profiles:update", "{\"bio\":\"Robots and tea\",\"timezone\":\"Europe/London\"}")),
            "action", new ClientMessage.Action(4, call("reports:make", "{\"size\":{\"$integer\":\"BwAAAAAAAAA=\"}}")),
            "event", new ClientMessage.Event());

    private static final Map<String, ServerMessage> SERVER = Map.ofEntries(
            Map.entry(
                    "transition",
                    new ServerMessage.Transition(
                            new StateVersion(1, 0, EPOCH + 16),
                            new StateVersion(2, 1, EPOCH + 20),
                            List.of(
                                    new QueryChange.Updated(0, "{\"bio\":null,\"firstName\":\"Ada\"}", "page-end"),
                                    new QueryChange.Failed(1, HIDDEN),
                                    new QueryChange.Failed(2, new Failure("Not for you", "{\"code\":\"FORBIDDEN\"}")),
                                    new QueryChange.Removed(7)),
                            12.0)),
            Map.entry(
                    "transition-empty",
                    new ServerMessage.Transition(
                            new StateVersion(2, 1, EPOCH + 20), new StateVersion(2, 1, EPOCH + 21), List.of(), null)),
            Map.entry("transition-chunk", new ServerMessage.TransitionChunk("{\"type\":\"Transition\"", 0, 2, "9")),
            Map.entry("mutation-succeeded", new ServerMessage.MutationSucceeded(3, "null", EPOCH + 21)),
            Map.entry("mutation-failed", new ServerMessage.MutationFailed(3, HIDDEN)),
            Map.entry(
                    "mutation-refused",
                    new ServerMessage.MutationFailed(
                            3, new Failure("The bio is too long", "{\"code\":\"BIO_TOO_LONG\",\"limit\":500}"))),
            Map.entry("action-succeeded", new ServerMessage.ActionSucceeded(4, "{\"pages\":3}")),
            Map.entry(
                    "action-failed",
                    new ServerMessage.ActionFailed(
                            4, new Failure("There is no public action 'reports:make' on this server", null))),
            Map.entry("auth-error-attempted", new ServerMessage.AuthError("The token is not good.", 0, true)),
            Map.entry("auth-error-ended", new ServerMessage.AuthError("The session is no longer valid.", 1, false)),
            Map.entry("fatal-error", new ServerMessage.FatalError("A second Connect came on one socket.")),
            Map.entry("ping", new ServerMessage.Ping()));

    @TestFactory
    Stream<DynamicTest> everyExampleOfAClientIsReadAsWhatItSays() {
        return CLIENT.entrySet().stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.getKey(),
                        () -> assertThat(new ClientMessages().parse(text("client", example.getKey())))
                                .isEqualTo(example.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> everyExampleOfTheServerIsWhatIsWritten() {
        return SERVER.entrySet().stream()
                .map(example -> DynamicTest.dynamicTest(example.getKey(), () -> {
                    JsonNode written = JSON.readTree(ServerMessages.write(example.getValue()));
                    assertThat(plain(written)).isEqualTo(plain(JSON.readTree(text("server", example.getKey()))));
                }));
    }

    @Test
    void noExampleIsLeftOutAndEveryKindOfServerMessageHasOne() throws IOException {
        assertThat(names("client")).isEqualTo(CLIENT.keySet());
        assertThat(names("server")).isEqualTo(SERVER.keySet());
        assertThat(SERVER.values().stream().map(Object::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(ServerMessage.class.getPermittedSubclasses());
    }

    /** JSON has one kind of number, so 12 and 12.0 are the same; the order of members means nothing either. */
    private static Object plain(JsonNode json) {
        return switch (json.getNodeType()) {
            case NUMBER -> json.doubleValue();
            case ARRAY -> json.valueStream().map(ProtocolExamplesTest::plain).toList();
            case OBJECT ->
                json.properties().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, field -> plain(field.getValue())));
            default -> json;
        };
    }

    private static String text(String side, String name) throws IOException {
        return Files.readString(EXAMPLES.resolve(side).resolve(name + ".json"));
    }

    private static Set<String> names(String side) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(side))) {
            return files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .collect(Collectors.toSet());
        }
    }

    private static Call call(String path, String args) {
        return new Call(new FunctionPath(path), JSON.readTree(args), null);
    }
}
