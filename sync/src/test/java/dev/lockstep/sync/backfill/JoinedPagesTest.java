package dev.lockstep.sync.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.sync.backfill.JoinedPages.InHand;
import dev.lockstep.sync.backfill.ObjectSource.Listed;
import dev.lockstep.sync.backfill.Runs.Place;
import dev.lockstep.sync.projection.Mirrored;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JoinedPagesTest {
    private static final int LANES = 8;
    private static final int MOST = 4;

    @Test
    void eachLaneHearsOfItsOwnPageWhoeverStoredIt() throws Exception {
        var sizes = new ConcurrentLinkedQueue<Integer>();
        var joined = new JoinedPages(MOST, pages -> {
            sizes.add(pages.size());
            return pages.stream().map(JoinedPagesTest::said).toList();
        });
        var start = new CyclicBarrier(LANES);

        try (ExecutorService lanes = Executors.newFixedThreadPool(LANES)) {
            List<Future<Boolean>> told = IntStream.range(0, LANES)
                    .mapToObj(lane -> lanes.submit(() -> {
                        start.await();
                        return IntStream.range(0, 200)
                                .map(page -> lane * 1_000 + page)
                                .allMatch(number -> joined.store(page(number)).seen() == number);
                    }))
                    .toList();
            for (Future<Boolean> each : told) {
                assertThat(each.get()).isTrue();
            }
        }
        assertThat(sizes).allMatch(size -> size >= 1 && size <= MOST);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(LANES * 200);
    }

    @Test
    void whatKeptAPageFromItsCommitIsThrownAndTheNextOneIsStored() {
        var joined = new JoinedPages(MOST, pages -> {
            if (pages.stream().anyMatch(page -> said(page).seen() == 13)) {
                throw new IllegalStateException("no");
            }
            return pages.stream().map(JoinedPagesTest::said).toList();
        });

        assertThatThrownBy(() -> joined.store(page(13))).isInstanceOf(IllegalStateException.class);
        assertThat(joined.store(page(14)).seen()).isEqualTo(14);
    }

    private static InHand page(int number) {
        Place place = new Place(new Shard(Mirrored.USERS, ""), String.valueOf(number));
        return new InHand(place, new Listed(Fetched.objects(List.of()), List.of(), 0, null, Instant.EPOCH));
    }

    private static Totals said(InHand hand) {
        return new Totals(
                0, 0, 0, 1, Integer.parseInt(String.valueOf(hand.place().cursor())), 0, 0);
    }
}
