package dev.lockstep.workos.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawListTest {
    @Test
    void itemsComeOutExactlyAsTheyStoodInTheAnswer() {
        String first = "{ \"id\" : \"ä🚀\", \"n\":1.50,\"l\":[ 1 , {} ] }";
        String second = "{\"a\":1,\"a\":2,\"z\":\"\\u0000\"}";

        RawList list = cut("{\"object\":\"list\",\"x\":{\"data\":[9]},\"data\":[ " + first + " ,\n" + second
                        + ",\"text\",-1.5e3,true,null,[[]]],\"list_metadata\":{\"before\":null,\"after\":\"c1\"}}")
                .orElseThrow();

        assertThat(texts(list)).containsExactly(first, second, "\"text\"", "-1.5e3", "true", "null", "[[]]");
        assertThat(list.after()).contains("c1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[]}",
                "{\"data\":[],\"list_metadata\":null}",
                "{\"data\":[],\"list_metadata\":{\"after\":null}}",
                "{\"list_metadata\":{\"after\":{\"x\":\"y\"}},\"data\":[]}"
            })
    void aLastPageNamesNoCursor(String body) {
        assertThat(cut(body).orElseThrow().after()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"data\":{}}",
                "{\"data\":[{}",
                "{\"data\":[]",
                "{\"data\":[]} x",
                "<html>"
            })
    void whatIsNotAListIsNotTakenForAnEmptyOne(String body) {
        assertThat(cut(body)).isEmpty();
    }

    static Stream<Long> seeds() {
        return Stream.of(1L, 2L, 3L, 4L, 5L);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomListsComeApartAsTheyWerePutTogether(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            List<String> items = new ArrayList<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                items.add(value(random, 4));
            }
            String blank = " ".repeat(random.nextInt(3));
            String body = "{\"data\":[" + blank + String.join(blank + "," + blank, items) + blank + "]}";
            assertThat(texts(cut(body).orElseThrow()))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(items);
        }
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> String.valueOf(random.nextInt());
            case 1 -> "\"" + "é\\\"]}🚀,".repeat(random.nextInt(400)) + "\"";
            case 2 -> "false";
            case 3 -> String.valueOf(random.nextDouble());
            case 4 -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
            default -> "{\"k\" : " + value(random, depth - 1) + "}";
        };
    }

    private static Optional<RawList> cut(String body) {
        return RawList.cut(body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(RawList list) {
        return list.items().stream()
                .map(item -> new String(item, StandardCharsets.UTF_8))
                .toList();
    }
}
