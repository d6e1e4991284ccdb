package dev.lockstep.live.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.live.connection.FramesFuzz;
import dev.lockstep.testing.FuzzRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Some seconds of Jazzer for what strangers send to the live room; hours of it by {@code ./lockstep prove fuzz}. */
class LiveFuzzTest {
    private static final String SESSION = """
            {"type":"Connect","sessionId":"00000000-0000-0000-0000-000000000001","connectionCount":1,\
            "lastCloseReason":null,"maxObservedTimestamp":"AQAAAAAAAAA=","clientTs":1}
            {"type":"Authenticate","tokenType":"User","value":"a.b.c","baseVersion":0}
            {"type":"ModifyQuerySet","baseVersion":0,"newVersion":1,"modifications":[{"type":"Add","queryId":0,\
            "udfPath":"a:b","args":[{"a":1}],"journal":"x"},{"type":"Add","queryId":1,"udfPath":"a","args":[{}]}]}
            {"type":"Mutation","requestId":0,"udfPath":"dir/mod.js:fn","args":[{"a":{"$integer":"AQAAAAAAAAA="}}]}
            {"type":"ModifyQuerySet","baseVersion":1,"newVersion":2,"modifications":[{"type":"Remove","queryId":0}]}
            {"type":"Action","requestId":1,"udfPath":"a:b","args":[{}]}
            {"type":"Event","eventType":"ClientConnect","event":{}}""";
    private static final int LEAST_INPUTS = 100;
    private static final int MOST_RUNS = 10;

    private static final String ARGUMENTS = """
            {"flag":true,"number":1.5,"whole":7,"big":{"$integer":"//////////8="},"text":"x","bytes":{"$bytes":"AQI="},\
            "id":"00000000-0000-0000-0000-000000000001","at":"2026-03-01T10:00:00+01:00","day":"2026-03-01",\
            "price":"12.50","colour":"RED","inner":{"name":"a","counts":[1,2]},"scores":{"a":{"$float":"AAAAAAAA+H8="}},\
            "maybe":null,"optional":"o","patch":null}""";

    @Test
    void noFrameBreaksASocketOrBringsItIntoAnImpossibleState() throws Exception {
        assertFine(
                FramesFuzz.class, SESSION, SESSION.lines().skip(1).findFirst().orElseThrow(), "{\"type\":1e999999}");
    }

    @Test
    void noArgumentBreaksItsReaderAndNoCursorIsMadeUp() throws Exception {
        String sealed = new CursorSealer(List.of(new byte[32])).seal("[1,\"x\"]", "elsewhere");
        assertFine(
                ArgumentsFuzz.class,
                ARGUMENTS,
                "{\"numItems\":5,\"cursor\":null,\"endCursor\":\"x\",\"id\":1}",
                "{\"a\":1e9999999999,\"b\":-0.0,\"c\":123456789012345678901234567890}",
                sealed);
    }

    private static void assertFine(Class<?> target, String... seeds) throws InterruptedException {
        List<byte[]> bytes = Stream.of(seeds)
                .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                .toList();
        long inputs = 0;
        // A run has a time, not a number of inputs; on a machine with other things to do the first may be over at once.
        for (int run = 0; run < MOST_RUNS && inputs <= LEAST_INPUTS; run++) {
            FuzzRun.Outcome outcome = FuzzRun.of(target, bytes);
            assertThat(outcome.found()).isEmpty();
            inputs += outcome.inputs();
        }
        assertThat(inputs).isGreaterThan(LEAST_INPUTS);
    }
}
