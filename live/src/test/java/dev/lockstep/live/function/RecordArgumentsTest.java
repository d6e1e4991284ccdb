package dev.lockstep.live.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.live.shape.Mismatch;
import dev.lockstep.live.shape.Patch;
import dev.lockstep.live.shape.Shape;
import dev.lockstep.live.shape.ShapeProblem;
import dev.lockstep.live.wire.WireValues;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class RecordArgumentsTest {
    enum Colour {
        RED,
        GREEN
    }

    record Inner(String name, List<Integer> counts) {}

    record Everything(
            boolean flag,
            double number,
            int whole,
            long big,
            String text,
            byte[] bytes,
            UUID id,
            Instant at,
            LocalDate day,
            BigDecimal price,
            Colour colour,
            Inner inner,
            Map<String, Double> scores,
            @Nullable String maybe,
            Optional<String> optional,
            Patch<String> patch) {}

    record Loop(List<Loop> inner) {}

    record Positive(int value) {
        Positive {
            if (value < 1) {
                throw new IllegalArgumentException("not positive: " + value);
            }
        }
    }

    private static final String ALL = """
            {"flag":true,"number":1.5,"whole":3,"big":{"$integer":"BwAAAAAAAAA="},"text":"ä","bytes":{"$bytes":"AQI="},
             "id":"00000000-0000-0000-0000-000000000001","at":"2026-03-01T10:00:00+01:00","day":"2026-03-01",
             "price":"12.50","colour":"GREEN","inner":{"name":"n","counts":[1,2]},"scores":{"a":0.5},"maybe":null,
             "optional":"here"}
            """;

    private static @Nullable Object read(Class<?> type, String json) {
        return Shape.of(type).read(WireValues.decode(JsonMapper.shared().readTree(json)), "");
    }

    @Test
    void everyTypeIsReadAsItselfAndWrittenBack() {
        Everything all = (Everything) read(Everything.class, ALL);
        assertThat(all.number()).isEqualTo(1.5);
        assertThat(all.whole()).isEqualTo(3);
        assertThat(all.big()).isEqualTo(7L);
        assertThat(all.bytes()).containsExactly(1, 2);
        assertThat(all.at()).isEqualTo("2026-03-01T09:00:00Z");
        assertThat(all.day()).isEqualTo("2026-03-01");
        assertThat(all.price()).isEqualTo("12.50");
        assertThat(all.colour()).isEqualTo(Colour.GREEN);
        assertThat(all.inner().counts()).containsExactly(1, 2);
        assertThat(all.maybe()).isNull();
        assertThat(all.optional()).contains("here");
        assertThat(all.patch().given()).isFalse();
        String written =
                WireValues.encode(Shape.of(Everything.class).write(all, "")).toString();
        assertThat(WireValues.encode(Shape.of(Everything.class).write(read(Everything.class, written), "")))
                .hasToString(written);
        assertThat(written).contains("\"at\":\"2026-03-01T09:00:00Z\"").doesNotContain("patch");
    }

    @Test
    void aPatchTellsAbsentFromNull() {
        record Change(Patch<String> bio) {}
        assertThat(((Change) read(Change.class, "{}")).bio()).isEqualTo(Patch.leftOut());
        assertThat(((Change) read(Change.class, "{\"bio\":null}")).bio()).isEqualTo(Patch.of(null));
        assertThat(((Change) read(Change.class, "{\"bio\":\"x\"}")).bio()).isEqualTo(Patch.of("x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"whole\":3|\"whole\":3.5|Field 'whole' must be a whole number of 32 bits",
                "\"whole\":3|\"whole\":2147483648|Field 'whole' must be a whole number of 32 bits",
                "\"whole\":3|\"whole\":{\"$integer\":\"BwAAAAAAAAA=\"}|Field 'whole' must be a whole number of 32 bits",
                "\"whole\":3|\"whole\":{\"$float\":\"AAAAAAAAAIA=\"}|Field 'whole' must be a whole number of 32 bits",
                "\"number\":1.5|\"number\":\"1.5\"|Field 'number' must be a number",
                "\"big\":{\"$integer\":\"BwAAAAAAAAA=\"}|\"big\":7|Field 'big' must be a bigint",
                "\"flag\":true|\"flag\":null|Field 'flag' must be true or false",
                "\"colour\":\"GREEN\"|\"colour\":\"BLUE\"|Field 'colour' must be one of RED, GREEN",
                "\"day\":\"2026-03-01\"|\"day\":\"2026-02-30\"|Field 'day' must be a date as text, year-month-day",
                "\"price\":\"12.50\"|\"price\":\"1e999999999\"|Field 'price' must be a decimal number as text",
                "\"counts\":[1,2]|\"counts\":[1,\"2\"]|Field 'inner.counts[1]' must be a whole number of 32 bits",
                "\"name\":\"n\"|\"name\":\"n\",\"role\":\"owner\"|Unknown field 'inner.role'",
                "\"text\":\"ä\",|`   `|Missing field 'text'",
                "\"maybe\":null|\"maybe\":1|Field 'maybe' must be text or null",
                "\"optional\":\"here\"|\"optional\":null|Field 'optional' must be text"
            })
    void whatDoesNotFitIsNamedAndNeverRepeated(String part, String instead, String sentence) {
        assertThatThrownBy(() -> read(Everything.class, ALL.replace(part, instead)))
                .isInstanceOf(Mismatch.class)
                .hasMessage(sentence);
    }

    @Test
    void numbersStayExactToTheLastBit() {
        record Numbers(long big, double number, List<Long> more) {}
        String extremes = """
                {"big":{"$integer":"AAAAAAAAAIA="},"more":[{"$integer":"/////////38="},{"$integer":"AQAAAAAAIAA="}],"number":%s}
                """.strip();
        for (String number :
                List.of("9007199254740993", "0.1", "{\"$float\":\"AAAAAAAA+H8=\"}", "{\"$float\":\"AAAAAAAAAIA=\"}")) {
            String json = extremes.formatted(number);
            Numbers read = (Numbers) read(Numbers.class, json);
            assertThat(read.big()).isEqualTo(Long.MIN_VALUE);
            assertThat(read.more()).containsExactly(Long.MAX_VALUE, (1L << 53) + 1);
            assertThat(WireValues.encode(Shape.of(Numbers.class).write(read, "")))
                    .isEqualTo(WireValues.encode(
                            WireValues.decode(JsonMapper.shared().readTree(json))));
        }
        Numbers negative = (Numbers) read(Numbers.class, extremes.formatted("{\"$float\":\"AAAAAAAAAIA=\"}"));
        assertThat(1 / negative.number()).isNegative().isInfinite();
    }

    @Test
    void aRecordMayRefuseWhatItsFieldsSayTogetherAndItsWordsStayHere() {
        assertThatThrownBy(() -> read(Positive.class, "{\"value\":0}"))
                .isInstanceOf(Mismatch.class)
                .hasMessage("The fields do not fit together");
    }

    @Test
    void typesThatCannotBeExactAreRefusedAtTheStart() {
        record Floaty(float number) {}
        record Dated(java.util.Date at) {}
        assertThatThrownBy(() -> Shape.of(Floaty.class)).isInstanceOf(ShapeProblem.class);
        assertThatThrownBy(() -> Shape.of(Dated.class)).isInstanceOf(ShapeProblem.class);
        record Tagged(java.util.Set<String> tags) {}
        record Numbered(Map<Integer, String> names) {}
        record Arrayed(int[] counts) {}
        assertThatThrownBy(() -> Shape.of(Tagged.class)).isInstanceOf(ShapeProblem.class);
        assertThatThrownBy(() -> Shape.of(Numbered.class)).isInstanceOf(ShapeProblem.class);
        assertThatThrownBy(() -> Shape.of(Arrayed.class)).isInstanceOf(ShapeProblem.class);
        assertThatThrownBy(() -> Shape.of(Loop.class)).hasMessageContaining("contains itself");
    }

    @Test
    void aNullInAResultThatDoesNotDeclareItIsAMistakeOfTheFunction() {
        assertThatThrownBy(() -> Shape.of(Inner.class).write(new Inner(null, List.of()), ""))
                .hasMessage("'name' is null but not declared as @Nullable");
    }
}
