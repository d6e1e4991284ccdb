package dev.lockstep.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.UUID;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of sockets of the live protocol on one thread, made to cost as little as a client can: no TLS, no checks, a
 * mask of zeros. Everything happens on the thread that calls {@link #turn}.
 */
final class SocketCrowd implements AutoCloseable {
    private static final int SMALL = 2048;
    private static final int MASKED = 0x80;
    private static final int COMPRESSED = 0x40;

    private final Selector selector = Selector.open();
    private final Listener listener;
    private final InetSocketAddress server;
    private final boolean compression;
    private long received;

    /** Hears of every text message and every end. */
    interface Listener {
        void text(Member member, String text);

        void ended(Member member);
    }

    /** One socket. */
    static final class Member {
        final int number;
        final UUID session = UUID.randomUUID();
        int connections;
        boolean open;

        @Nullable
        SocketChannel channel;

        private ByteBuffer in = ByteBuffer.allocate(SMALL);
        private String first = "";
        /** Only with compression, for it takes memory. */
        private @Nullable Inflater inflater;

        Member(int number) {
            this.number = number;
        }
    }

    SocketCrowd(int port, boolean compression, Listener listener) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.compression = compression;
        this.listener = listener;
    }

    /** Begins to connect; {@code first} goes out once the socket is open, as one text per line. */
    void connect(Member member, String first) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        member.channel = channel;
        member.open = false;
        member.first = first;
        member.in.clear();
        member.inflater = compression ? new Inflater(true) : null;
        channel.register(selector, SelectionKey.OP_CONNECT, member);
        channel.connect(server);
    }

    /** How many bytes of frames have come so far, as they came. */
    long received() {
        return received;
    }

    /** Looks at what has come, waiting at most so long. */
    void turn(long millis) throws IOException {
        if (millis == 0) {
            selector.selectNow();
        } else {
            selector.select(millis);
        }
        Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
        while (keys.hasNext()) {
            SelectionKey key = keys.next();
            keys.remove();
            Member member = (Member) key.attachment();
            try {
                serve(key, member);
            } catch (IOException e) {
                end(member);
            }
        }
    }

    private void serve(SelectionKey key, Member member) throws IOException {
        SocketChannel channel = (SocketChannel) key.channel();
        if (key.isConnectable() && channel.finishConnect()) {
            key.interestOps(SelectionKey.OP_READ);
            write(
                    channel,
                    ByteBuffer.wrap(("GET /api/1.48.0/sync HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                    + (compression ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "")
                                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: http://localhost\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1)));
        }
        if (key.isReadable()) {
            if (channel.read(member.in) < 0) {
                throw new IOException("closed");
            }
            member.in.flip();
            if (!member.open) {
                greet(member, channel);
            }
            while (member.open && frame(member, channel)) {
                // The next one may be there already.
            }
            member.in.compact();
            if (!member.in.hasRemaining()) {
                ByteBuffer larger = ByteBuffer.allocate(member.in.capacity() * 2);
                larger.put(member.in.flip());
                member.in = larger;
            }
        }
    }

    private static void greet(Member member, SocketChannel channel) throws IOException {
        ByteBuffer in = member.in;
        for (int i = in.position(); i + 3 < in.limit(); i++) {
            if (in.get(i) == '\r' && in.get(i + 1) == '\n' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
                String status =
                        new String(in.array(), in.arrayOffset() + in.position(), 12, StandardCharsets.ISO_8859_1);
                if (!status.endsWith("101")) {
                    throw new IOException("refused: " + status);
                }
                in.position(i + 4);
                member.open = true;
                for (String text : member.first.split("\n", -1)) {
                    write(channel, masked(text, 1));
                }
                return;
            }
        }
    }

    /** Takes one frame off the buffer, if a whole one is there. */
    private boolean frame(Member member, SocketChannel channel) throws IOException {
        ByteBuffer in = member.in;
        if (in.remaining() < 2) {
            return false;
        }
        int start = in.position();
        int head = in.get(start) & 0xff;
        long length = in.get(start + 1) & 0x7f;
        int header = 2;
        if (length == 126) {
            if (in.remaining() < 4) {
                return false;
            }
            length = in.getShort(start + 2) & 0xffff;
            header = 4;
        } else if (length == 127) {
            if (in.remaining() < 10) {
                return false;
            }
            length = in.getLong(start + 2);
            header = 10;
        }
        if (in.remaining() < header + length) {
            return false;
        }
        int opcode = head & 0xf;
        received += header + length;
        if (opcode == 1) {
            byte[] bytes = in.array();
            int from = in.arrayOffset() + start + header;
            listener.text(
                    member,
                    (head & COMPRESSED) == 0
                            ? new String(bytes, from, (int) length, StandardCharsets.ISO_8859_1)
                            : inflated(member, bytes, from, (int) length));
        } else if (opcode == 8) {
            throw new IOException("closed by the server");
        } else if (opcode == 9) {
            write(channel, masked("", 10));
        }
        in.position(start + header + (int) length);
        return true;
    }

    /** Unfolds a message that was compressed after all earlier ones of its socket. */
    private static String inflated(Member member, byte[] bytes, int from, int length) throws IOException {
        byte[] folded = Arrays.copyOfRange(bytes, from, from + length + 4);
        folded[length] = 0;
        folded[length + 1] = 0;
        folded[length + 2] = (byte) 0xff;
        folded[length + 3] = (byte) 0xff;
        Inflater inflater = member.inflater;
        if (inflater == null) {
            throw new IOException("a frame is compressed though nobody offered that");
        }
        inflater.setInput(folded);
        StringBuilder text = new StringBuilder();
        byte[] out = new byte[SMALL];
        try {
            for (int n = inflater.inflate(out); n > 0; n = inflater.inflate(out)) {
                text.append(new String(out, 0, n, StandardCharsets.ISO_8859_1));
            }
        } catch (DataFormatException e) {
            throw new IOException("a frame that cannot be unfolded", e);
        }
        return text.toString();
    }

    /** Sends one text message. */
    void send(Member member, String text) throws IOException {
        SocketChannel channel = member.channel;
        if (channel != null && member.open) {
            write(channel, masked(text, 1));
        }
    }

    private static ByteBuffer masked(String text, int opcode) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(bytes.length + 14);
        frame.put((byte) (0x80 | opcode));
        if (bytes.length < 126) {
            frame.put((byte) (MASKED | bytes.length));
        } else {
            frame.put((byte) (MASKED | 126)).putShort((short) bytes.length);
        }
        return frame.putInt(0).put(bytes).flip();
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    private void end(Member member) throws IOException {
        SocketChannel channel = member.channel;
        member.channel = null;
        member.open = false;
        if (channel != null) {
            channel.close();
            listener.ended(member);
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
