package dev.lockstep.store.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SnapshotTest {
    @Test
    void aSnapshotSeesWhatHadEndedAndNothingElse() {
        Snapshot snapshot = Snapshot.parse("10:20:10,15");
        assertThat(snapshot.sees(9)).isTrue();
        assertThat(snapshot.sees(10)).isFalse();
        assertThat(snapshot.sees(11)).isTrue();
        assertThat(snapshot.sees(15)).isFalse();
        assertThat(snapshot.sees(19)).isTrue();
        assertThat(snapshot.sees(20)).isFalse();
    }

    @Test
    void aSnapshotWithoutSomeTransactionsIsAgainASnapshot() {
        Snapshot less = Snapshot.parse("10:20:10,15").without(Set.of(5L, 12L));
        assertThat(less.text()).isEqualTo("5:20:5,10,12,15");
        assertThat(less.sees(4)).isTrue();
        assertThat(less.sees(5)).isFalse();
        assertThat(less.sees(6)).isTrue();
        assertThat(less.sees(12)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"728:728:", "734:736:734", "9223372036854775000:9223372036854775807:"})
    void theTextOfASnapshotComesBackAsItWas(String text) {
        assertThat(Snapshot.parse(text).text()).isEqualTo(text);
        assertThat(Snapshot.parse(text)).isEqualTo(Snapshot.parse(text)).hasSameHashCodeAs(Snapshot.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1:2", "5:4:", "5:9:4", "5:9:9", "a:b:"})
    void whatIsNoSnapshotIsRefused(String text) {
        assertThatThrownBy(() -> Snapshot.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReadingOfTheClockStaysBelowTwoToTheSixtyThree() {
        assertThat(Ts.of(32_767, (1L << 48) - 1).value()).isEqualTo(Long.MAX_VALUE);
        assertThat(Ts.of(2, 0)).isGreaterThan(Ts.of(1, (1L << 48) - 1));
        assertThatThrownBy(() -> Ts.of(32_768, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ts(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
