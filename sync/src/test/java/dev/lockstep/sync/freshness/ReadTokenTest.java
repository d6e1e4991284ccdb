package dev.lockstep.sync.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.sync.freshness.MirroredObject.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTokenTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00.123456Z");
    private static final MirroredObject ADA = MirroredObject.user(new UserId("user_ada"));

    @Test
    void aTokenSurvivesTheWayThroughAHeader() {
        for (Kind kind : Kind.values()) {
            ReadToken token = new ReadToken(List.of(
                    new ReadToken.Part(new MirroredObject(kind, "id with blank"), AT),
                    new ReadToken.Part(ADA, Instant.EPOCH.minusSeconds(1))));
            assertThat(token.text()).matches("[A-Za-z0-9_-]+");
            assertThat(ReadToken.parse(token.text())).contains(token);
        }
    }

    @Test
    void twoTokensTogetherWantTheNewerOfEachObject() {
        MirroredObject acme = MirroredObject.organization(new OrganizationId("org_acme"));
        ReadToken older = ReadToken.of(ADA, AT);
        ReadToken newer = ReadToken.of(ADA, AT.plusSeconds(1));
        assertThat(older.and(newer)).isEqualTo(newer);
        assertThat(newer.and(older)).isEqualTo(newer);
        assertThat(older.and(ReadToken.of(acme, AT)).parts())
                .containsExactlyInAnyOrder(new ReadToken.Part(ADA, AT), new ReadToken.Part(acme, AT));
    }

    @Test
    void aTokenDoesNotGrowForEver() {
        ReadToken token = ReadToken.of(ADA, AT);
        for (int i = 0; i < 20; i++) {
            token = token.and(ReadToken.of(MirroredObject.user(new UserId("user_" + i)), AT));
        }
        assertThat(token.parts()).hasSize(ReadToken.MOST_PARTS);
        assertThat(token.parts().getFirst().object().id())
                .as("what came last stays")
                .isEqualTo("user_19");
        assertThatThrownBy(() -> new ReadToken(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "u 1 id\n",
                "x 1 id",
                "u one id",
                "u 1",
                "u 1 ",
                "u 99999999999999999999 id",
                "u 9223372036854775807 id\nu -9223372036854775808 id\nq",
                "u 1 1\nu 1 2\nu 1 3\nu 1 4\nu 1 5\nu 1 6\nu 1 7\nu 1 8\nu 1 9"
            })
    void whatIsNoTokenIsNone(String plain) {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
        assertThat(ReadToken.parse(text)).isEmpty();
    }

    @Test
    void garbageAndEndlessTextAreNoTokens() {
        assertThat(ReadToken.parse("!")).isEmpty();
        assertThat(ReadToken.parse("A".repeat(5_000))).isEmpty();
    }
}
