package dev.lockstep.workosdouble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UlidsTest {
    @Test
    void idsSortByTheTimeTheyWereMadeAlsoWithinOneMillisecond() {
        Ulids ulids = new Ulids(new Random(1));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(ulids.next("event", 1_763_683_200_000L + i / 500));
        }
        assertThat(ids).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aClockThatGoesBackDoesNotTurnTheOrder() {
        Ulids ulids = new Ulids(new Random(1));
        String before = ulids.next("event", 2000);
        assertThat(ulids.next("event", 1000)).isGreaterThan(before);
    }

    @Test
    void idsAfterARestartSortAfterThoseOfTheSameMillisecondBeforeIt() {
        for (int seed = 0; seed < 50; seed++) {
            String before = new Ulids(new Random(seed)).next("event", 5000);
            Ulids restarted = new Ulids(new Random(seed + 1000L));
            restarted.startAfter(5000);
            assertThat(restarted.next("event", 5000)).isGreaterThan(before);
        }
    }

    @Test
    void theFloorOfAMomentLiesBetweenWhatWasBeforeAndWhatComesAfter() {
        Ulids ulids = new Ulids(new Random(1));
        String before = ulids.next("event", 4999);
        String floor = Ulids.floor("event", 5000);
        assertThat(floor).isGreaterThan(before).isLessThan(ulids.next("event", 5000));
    }
}
