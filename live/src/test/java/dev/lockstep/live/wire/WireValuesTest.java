package dev.lockstep.live.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class WireValuesTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 1.0",
                "1.5 | 1.5",
                "-0.25 | -0.25",
                "1e21 | 1.0E21",
                "9007199254740993 | 9.007199254740992E15",
                "{\"$float\":\"AAAAAAAA8H8=\"} | Infinity",
                "{\"$float\":\"AAAAAAAA8P8=\"} | -Infinity",
                "{\"$float\":\"AAAAAAAA+H8=\"} | NaN",
                "{\"$float\":\"AAAAAAAAAIA=\"} | -0.0"
            })
    void everyPlainNumberIsADouble(String json, double expected) {
        assertThat(decode(json)).isEqualTo(expected);
    }

    @Test
    void bigintsAreLongsBothWays() {
        assertThat(decode("{\"$integer\":\"AQAAAAAAAAA=\"}")).isEqualTo(1L);
        assertThat(decode("{\"$integer\":\"//////////8=\"}")).isEqualTo(-1L);
        assertThat(encode(1L)).isEqualTo("{\"$integer\":\"AQAAAAAAAAA=\"}");
        assertThat(encode(Long.MIN_VALUE)).isEqualTo("{\"$integer\":\"AAAAAAAAAIA=\"}");
    }

    @Test
    void bytesGoBothWays() {
        assertThat(decode("{\"$bytes\":\"AQID\"}")).isEqualTo(new byte[] {1, 2, 3});
        assertThat(encode(new byte[] {1, 2, 3})).isEqualTo("{\"$bytes\":\"AQID\"}");
    }

    @Test
    void unusualNumbersAreWrittenAsFloatAndOrdinaryOnesAsNumbers() {
        assertThat(encode(Double.NaN)).isEqualTo("{\"$float\":\"AAAAAAAA+H8=\"}");
        assertThat(encode(-0.0)).isEqualTo("{\"$float\":\"AAAAAAAAAIA=\"}");
        assertThat(encode(3.0)).isEqualTo("3");
        assertThat(encode(3)).isEqualTo("3");
        assertThat(encode(0.1)).isEqualTo("0.1");
    }

    @Test
    void objectsAreWrittenWithSortedFields() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("b", Arrays.asList(1.0, null, "x"));
        map.put("a", true);
        assertThat(encode(map)).isEqualTo("{\"a\":true,\"b\":[1,null,\"x\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"$float\":\"AAAAAAAA+D8=\"}",
                "{\"$integer\":\"AQ==\"}",
                "{\"$integer\":1}",
                "{\"$bytes\":\"%%\"}",
                "{\"$set\":[]}",
                "{\"$map\":[]}",
                "{\"$undefined\":null}",
                "{\"$commitTs\":null}",
                "{\"a\":1,\"$b\":2}",
                "{\"é\":1}",
                "1e400",
                "\"\\ud800\"",
                "\"a\\udc00b\""
            })
    void whatIsNoValueIsRefused(String json) {
        assertThatThrownBy(() -> decode(json)).isInstanceOf(WireValues.InvalidValue.class);
    }

    @Test
    void sixtyFourLevelsAreAllowedAndNoMore() {
        assertThat(decode("[".repeat(64) + "]".repeat(64))).isInstanceOf(List.class);
        assertThatThrownBy(() -> decode("[".repeat(65) + "]".repeat(65)))
                .isInstanceOf(WireValues.InvalidValue.class)
                .hasMessageContaining("64");
    }

    @Test
    void resultsThatTheClientWouldThrowOnAreRefused() {
        refused(Map.of("$x", 1), "starts with $");
        refused(Map.of("naïve", 1), "printable ASCII");
        refused(Map.of("n".repeat(1025), 1), "1025");
        refused(Map.of(1, 1), "not text");
        refused("\ud800", "surrogate");
        refused(Instant.EPOCH, "java.time.Instant");
    }

    @Test
    void surrogatePairsAreText() {
        assertThat(decode("\"\\ud83d\\ude00\"")).isEqualTo("😀");
        assertThat(encode("😀")).isEqualTo("\"😀\"");
    }

    private static void refused(Object value, String why) {
        assertThatThrownBy(() -> encode(value))
                .isInstanceOf(WireValues.InvalidValue.class)
                .hasMessageContaining(why);
    }

    private static Object decode(String json) {
        return WireValues.decode(JSON.readTree(json));
    }

    private static String encode(Object value) {
        return WireValues.encode(value).toString();
    }
}
