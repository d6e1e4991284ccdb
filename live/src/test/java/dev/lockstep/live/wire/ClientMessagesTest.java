package dev.lockstep.live.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessagesTest {
    private final ClientMessages messages = new ClientMessages();

    @ParameterizedTest
    @CsvSource({
        "users:me, users:me",
        "users.js:me, users:me",
        "cleanUp, cleanUp:default",
        "dir/mod:fn, dir/mod:fn",
        "a:b:c, a:b:c"
    })
    void pathsAreBroughtIntoTheirCanonicalForm(String written, String canonical) {
        assertThat(FunctionPath.of(written).value()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{\"type\":\"Hello\"}",
                "{\"type\":1}",
                "{\"type\":\"Event\"} {}",
                "{\"type\":\"Event\",\"type\":\"Event\"}",
                "{\"type\":\"Authenticate\",\"tokenType\":\"User\",\"baseVersion\":0}",
                "{\"type\":\"Authenticate\",\"tokenType\":\"Root\",\"baseVersion\":0}",
                "{\"type\":\"Authenticate\",\"tokenType\":\"None\",\"baseVersion\":-1}",
                "{\"type\":\"Authenticate\",\"tokenType\":\"None\",\"baseVersion\":4294967296}",
                "{\"type\":\"Authenticate\",\"tokenType\":\"None\",\"baseVersion\":1.5}",
                "{\"type\":\"Authenticate\",\"tokenType\":\"None\",\"baseVersion\":99999999999999999999}",
                "{\"type\":\"Mutation\",\"requestId\":0,\"udfPath\":\"a:b\",\"args\":[]}",
                "{\"type\":\"Mutation\",\"requestId\":0,\"udfPath\":\"a:b\",\"args\":[1]}",
                "{\"type\":\"Mutation\",\"requestId\":0,\"udfPath\":\"a:b\",\"args\":[{},{}]}",
                "{\"type\":\"Mutation\",\"requestId\":0,\"udfPath\":\"\",\"args\":[{}]}",
                "{\"type\":\"Mutation\",\"requestId\":0,\"udfPath\":\"a:b\",\"args\":[{\"x\":1,\"x\":2}]}",
                "{\"type\":\"ModifyQuerySet\",\"baseVersion\":0,\"newVersion\":1,\"modifications\":{}}",
                "{\"type\":\"ModifyQuerySet\",\"baseVersion\":0,\"newVersion\":1,\"modifications\":[{\"type\":\"X\"}]}",
                "{\"type\":\"Connect\",\"sessionId\":\"me\",\"connectionCount\":0}",
                "{\"type\":\"Connect\",\"sessionId\":\"11111111-1111-1111-1111-111111111111\",\"connectionCount\":0,"
                        + "\"maxObservedTimestamp\":\"////////\"}",
                "{\"type\":\"Connect\",\"sessionId\":\"11111111-1111-1111-1111-111111111111\",\"connectionCount\":0,"
                        + "\"maxObservedTimestamp\":\"AAAAAAAAAIA=\"}"
            })
    void whatIsNoMessageIsAViolation(String frame) {
        assertThatThrownBy(() -> messages.parse(frame)).isInstanceOf(WireViolation.class);
    }

    @Test
    void anAbsurdDepthIsRefusedWithoutUsingTheStack() {
        String deep = "{\"type\":\"Event\",\"event\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThatThrownBy(() -> messages.parse(deep)).isInstanceOf(WireViolation.class);
    }

    @Test
    void membersOfNewerClientsAreIgnored() {
        assertThat(messages.parse("{\"type\":\"Event\",\"eventType\":\"x\",\"event\":{},\"new\":1}"))
                .isEqualTo(new ClientMessage.Event());
    }

    @Test
    void aViolationNeverRepeatsWhatTheClientSent() {
        assertThatThrownBy(() -> messages.parse("{\"type\":\"secret-token\"}")).hasMessageNotContaining("secret-token");
    }

    @Test
    void aTokenIsNotInTheTextOfItsMessage() {
        ClientMessage message = messages.parse(
                "{\"type\":\"Authenticate\",\"tokenType\":\"User\",\"value\":\"jwt\",\"baseVersion\":0}");
        assertThat(message.toString()).doesNotContain("jwt");
    }
}
