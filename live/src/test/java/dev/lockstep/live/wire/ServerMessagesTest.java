package dev.lockstep.live.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.live.wire.ServerMessage.Failure;
import dev.lockstep.live.wire.ServerMessage.QueryChange;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ServerMessagesTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void timestampsAreEightLittleEndianBytes() {
        assertThat(WireTimestamp.encode(0)).isEqualTo("AAAAAAAAAAA=");
        assertThat(WireTimestamp.encode(258)).isEqualTo("AgEAAAAAAAA=");
        assertThat(WireTimestamp.decode(WireTimestamp.encode(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> WireTimestamp.encode(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void errorDataIsAbsentForOrdinaryErrorsAndPresentForApplicationErrorsEvenWhenNull() {
        assertThat(failed(new Failure("broken", null)).has("errorData")).isFalse();
        assertThat(failed(new Failure("told", "null")).has("errorData")).isTrue();
        assertThat(failed(new Failure("told", "{\"code\":7}"))
                        .at("/errorData/code")
                        .intValue())
                .isEqualTo(7);
    }

    @Test
    void aLongTransitionIsSplitWithoutBreakingSurrogatePairsAndJoinsAgain() {
        ServerMessage transition = new ServerMessage.Transition(
                StateVersion.START,
                new StateVersion(1, 0, 5),
                List.of(new QueryChange.Updated(0, "\"" + "😀é".repeat(200) + "\"")),
                null);
        for (int longest = 60; longest < 70; longest++) {
            List<JsonNode> parts = ServerMessages.frames(transition, "7", longest).stream()
                    .map(JSON::readTree)
                    .toList();
            assertThat(parts).hasSizeGreaterThan(5);
            for (int i = 0; i < parts.size(); i++) {
                JsonNode part = parts.get(i);
                assertThat(part.get("type").asString()).isEqualTo("TransitionChunk");
                assertThat(part.get("partNumber").intValue()).isEqualTo(i);
                assertThat(part.get("totalParts").intValue()).isEqualTo(parts.size());
                assertThat(part.get("transitionId").asString()).isEqualTo("7");
                String chunk = part.get("chunk").asString();
                assertThat(Character.isLowSurrogate(chunk.charAt(0))).isFalse();
                assertThat(chunk.getBytes(java.nio.charset.StandardCharsets.UTF_8).length)
                        .isLessThanOrEqualTo(longest);
            }
            String joined =
                    parts.stream().map(part -> part.get("chunk").asString()).collect(Collectors.joining());
            assertThat(joined).isEqualTo(ServerMessages.write(transition));
        }
    }

    @Test
    void anOrdinaryTransitionIsOneFrame() {
        ServerMessage transition =
                new ServerMessage.Transition(StateVersion.START, new StateVersion(1, 0, 5), List.of(), null);
        assertThat(ServerMessages.frames(transition, "1")).containsExactly(ServerMessages.write(transition));
    }

    private static JsonNode failed(Failure failure) {
        return JSON.readTree(ServerMessages.write(new ServerMessage.MutationFailed(3, failure)));
    }
}
