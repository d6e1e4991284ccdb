package dev.lockstep.starter.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.CloseStatus;

/** Messages go out one after the other, whenever the container says that one is written. */
class SocketOutboundTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final SlowNetwork network = new SlowNetwork();
    private final SocketOutbound outbound = new SocketOutbound(network, tasks::add);
    private final AtomicInteger emptied = new AtomicInteger();

    /** Takes a message and is done with it when the test says so. */
    private static final class SlowNetwork implements SocketWriter {
        final List<String> out = new ArrayList<>();
        boolean atOnce;
        Runnable written = () -> {};
        Runnable broken = () -> {};

        @Override
        public void text(String text, Runnable written, Runnable broken) {
            out.add(text);
            this.written = written;
            this.broken = broken;
            if (atOnce) {
                written.run();
            }
        }

        @Override
        public void ping(Runnable written, Runnable broken) {
            text("ping", written, broken);
        }

        @Override
        public void close(CloseStatus status) {
            out.add("close " + status.getCode());
        }
    }

    private void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void theNextMessageGoesOutWhenTheOneBeforeIsWritten() {
        outbound.whenWritten(emptied::incrementAndGet);
        outbound.send("a");
        outbound.send("b");
        work();
        assertThat(network.out).containsExactly("a");
        assertThat(outbound.unsent()).isEqualTo(2);
        network.written.run();
        work();
        assertThat(network.out).containsExactly("a", "b");
        assertThat(outbound.unsent()).isEqualTo(1);
        assertThat(emptied).hasValue(0);
        network.written.run();
        work();
        assertThat(outbound.unsent()).isZero();
        assertThat(emptied).hasValue(1);
    }

    @Test
    void whatIsWrittenAtOnceNeedsNoFurtherTask() {
        network.atOnce = true;
        outbound.send("a");
        outbound.send("b");
        tasks.remove().run();
        assertThat(tasks).isEmpty();
        assertThat(network.out).containsExactly("a", "b");
        outbound.send("c");
        work();
        assertThat(network.out).containsExactly("a", "b", "c");
    }

    @Test
    void theSocketClosesAfterWhatWasSaidBeforeAndSaysNothingAfterwards() {
        outbound.send("a");
        outbound.close(1012, "ServerRestart");
        outbound.send("too late");
        outbound.ping();
        work();
        assertThat(network.out).containsExactly("a");
        network.written.run();
        work();
        assertThat(network.out).containsExactly("a", "close 1012");
    }

    @Test
    void aPingGoesOutBeforeWhatWaits() {
        outbound.send("a");
        work();
        outbound.send("b");
        outbound.ping();
        network.written.run();
        work();
        assertThat(network.out).containsExactly("a", "ping");
        network.written.run();
        work();
        assertThat(network.out).containsExactly("a", "ping", "b");
    }

    @Test
    void aBrokenSocketIsClosedOnceAndWritesNothingMore() {
        outbound.send("a");
        outbound.send("b");
        work();
        network.broken.run();
        outbound.send("c");
        work();
        assertThat(network.out).containsExactly("a", "close " + CloseStatus.SESSION_NOT_RELIABLE.getCode());
        assertThat(outbound.unsent()).isZero();
    }

    @Test
    void nothingIsLostOrOvertakenBetweenThreads() throws Exception {
        int messages = 20_000;
        Queue<String> out = new ConcurrentLinkedQueue<>();
        CountDownLatch all = new CountDownLatch(messages);
        try (SocketSenders senders = new SocketSenders()) {
            SocketOutbound busy = new SocketOutbound(
                    new SocketWriter() {
                        @Override
                        public void text(String text, Runnable written, Runnable broken) {
                            out.add(text);
                            all.countDown();
                            if (text.hashCode() % 3 == 0) {
                                senders.patient().execute(written);
                            } else {
                                written.run();
                            }
                        }

                        @Override
                        public void ping(Runnable written, Runnable broken) {
                            written.run();
                        }

                        @Override
                        public void close(CloseStatus status) {}
                    },
                    senders.quick());
            for (int i = 0; i < messages; i++) {
                busy.send(Integer.toString(i));
            }
            assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(out)
                .containsExactlyElementsOf(
                        IntStream.range(0, messages).mapToObj(Integer::toString).toList());
    }
}
