package dev.lockstep.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Sends ready-made HTTP requests on many kept-alive connections, each of which waits for its answer before it sends the
 * next. One thread and no copying, so that what it takes from the processors is little beside what the server takes.
 */
final class Volley {
    private static final int LARGEST_ANSWER = 8_192;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final List<byte[]> requests;
    private final Latencies latencies = new Latencies();
    private int next;
    private int answered;

    private Volley(List<byte[]> requests) {
        this.requests = requests;
    }

    /** One connection with its answer as far as it has come. */
    private static final class Line {
        private final SocketChannel channel;
        private final ByteBuffer answer = ByteBuffer.allocateDirect(LARGEST_ANSWER);
        private ByteBuffer rest = ByteBuffer.allocate(0);
        private long sentAt;

        Line(SocketChannel channel) {
            this.channel = channel;
        }
    }

    /**
     * Sends all requests, each once, and waits for the last answer.
     *
     * @return how long each answer took, from the first byte sent to the last one received
     * @throws IOException when an answer is not 200
     */
    static Latencies send(URI address, List<byte[]> requests, int connections) throws IOException {
        Volley volley = new Volley(requests);
        try (Selector selector = Selector.open()) {
            try {
                for (int i = 0; i < Math.min(connections, requests.size()); i++) {
                    volley.open(address, selector);
                }
                while (volley.answered < requests.size()) {
                    selector.select(volley::ready, 30_000);
                }
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close();
                }
            }
        }
        return volley.latencies;
    }

    private void open(URI address, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Line line = new Line(channel);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ, line);
        begin(line, key);
    }

    private void begin(Line line, SelectionKey key) throws IOException {
        if (next == requests.size()) {
            return;
        }
        line.rest = ByteBuffer.wrap(requests.get(next++));
        line.sentAt = System.nanoTime();
        write(line, key);
    }

    private static void write(Line line, SelectionKey key) throws IOException {
        line.channel.write(line.rest);
        int interest = line.rest.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    private void ready(SelectionKey key) {
        Line line = (Line) key.attachment();
        try {
            if (key.isWritable()) {
                write(line, key);
            } else {
                read(line, key);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void read(Line line, SelectionKey key) throws IOException {
        if (line.channel.read(line.answer) < 0) {
            throw new IOException("the server closed the connection");
        }
        if (isComplete(line.answer)) {
            latencies.add(System.nanoTime() - line.sentAt);
            line.answer.clear();
            answered++;
            begin(line, key);
        }
    }

    /** Whether the answer is there to its end; it has to be a 200 with a length. */
    private static boolean isComplete(ByteBuffer answer) throws IOException {
        int headEnd = headEnd(answer);
        if (headEnd < 0) {
            return false;
        }
        byte[] bytes = new byte[headEnd];
        answer.get(0, bytes);
        String head = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new IOException(
                    "a request was answered with " + head.lines().findFirst().orElse(""));
        }
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("\ncontent-length:");
        if (at < 0) {
            throw new IOException("an answer without a length");
        }
        String length = lower.substring(at + 16, lower.indexOf('\r', at)).strip();
        return answer.position() >= headEnd + Integer.parseInt(length);
    }

    private static int headEnd(ByteBuffer answer) {
        for (int i = 0; i + HEAD_END.length <= answer.position(); i++) {
            if (answer.get(i) == '\r'
                    && answer.get(i + 1) == '\n'
                    && answer.get(i + 2) == '\r'
                    && answer.get(i + 3) == '\n') {
                return i + HEAD_END.length;
            }
        }
        return -1;
    }
}
