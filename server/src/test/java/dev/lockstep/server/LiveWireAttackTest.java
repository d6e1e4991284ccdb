package dev.lockstep.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attacks on the live endpoint below the protocol, byte by byte: W13 and W14; and W05 through the whole house. */
class LiveWireAttackTest {
    @RegisterExtension
    static final RunningDemo demo = new RunningDemo();

    private static final Duration SOON = Duration.ofSeconds(5);

    /** A connection that has been upgraded, and nothing more. */
    private static final class RawSocket implements AutoCloseable {
        private final Socket socket;
        private final DataInputStream in;
        final String handshake;

        RawSocket(URI home) throws IOException {
            socket = new Socket(home.getHost(), home.getPort());
            socket.setSoTimeout(20_000);
            in = new DataInputStream(socket.getInputStream());
            write(("GET /api/1.48.0/sync HTTP/1.1\r\nHost: " + home.getAuthority()
                            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            while (!head.toString().endsWith("\r\n\r\n")) {
                head.append((char) in.readUnsignedByte());
            }
            handshake = head.toString();
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** A frame with a mask of zeros. */
        void frame(int firstByte, byte[] body) throws IOException {
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.write(firstByte);
            if (body.length < 126) {
                frame.write(0x80 | body.length);
            } else if (body.length < 1 << 16) {
                frame.write(0x80 | 126);
                frame.write(body.length >> 8);
                frame.write(body.length);
            } else {
                frame.write(0x80 | 127);
                for (int shift = 56; shift >= 0; shift -= 8) {
                    frame.write((int) ((long) body.length >> shift));
                }
            }
            frame.write(new byte[4]);
            frame.write(body);
            write(frame.toByteArray());
        }

        /** The code with which the server closes; -1 when it only ends the connection. */
        int closeCode() throws IOException {
            try {
                while (true) {
                    int first = in.readUnsignedByte();
                    int length = in.readUnsignedByte() & 0x7f;
                    if (length == 126) {
                        length = in.readUnsignedShort();
                    }
                    byte[] body = in.readNBytes(length);
                    if ((first & 0xf) == 8) {
                        return length < 2 ? 1005 : (body[0] & 0xff) << 8 | body[1] & 0xff;
                    }
                }
            } catch (java.io.EOFException | java.net.SocketException e) {
                return -1;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void assertOthersLiveOn() {
        try (LiveSocket other = LiveSocket.open(demo.address())) {
            other.follow(0, "users:me", "{}");
            await().untilAsserted(() -> assertThat(other.result(0)).isPresent());
        }
    }

    @ParameterizedTest
    @CsvSource({
        // what, first byte, bytes of the body, how it is closed
        "a message above the limit, 129, 1200000, 1009",
        "a binary message, 130, 4, 1003",
        "a reserved bit, 193, 4, 1002",
        "an unknown kind of frame, 131, 4, 1002",
        "a continuation of nothing, 128, 4, 1002"
    })
    void w13AFrameThatDoesNotBelongHereClosesItsSocketOnly(String what, int first, int bytes, int code)
            throws IOException {
        try (RawSocket socket = new RawSocket(demo.address())) {
            socket.frame(first, "x".repeat(bytes).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(socket.closeCode()).as(what).isIn(code, -1);
        }
        assertOthersLiveOn();
    }

    @Test
    void w13AFrameWithoutAMaskIsRefused() throws IOException {
        try (RawSocket socket = new RawSocket(demo.address())) {
            socket.write(new byte[] {(byte) 0x81, 2, '{', '}'});
            assertThat(socket.closeCode()).isIn(1002, -1);
        }
        assertOthersLiveOn();
    }

    @Test
    void w13AMessageInTenThousandPiecesIsBoundedAsAWhole() throws IOException {
        try (RawSocket socket = new RawSocket(demo.address())) {
            int code = -1;
            try {
                socket.frame(0x01, new byte[] {'{'});
                for (int i = 0; i < 10_000; i++) {
                    socket.frame(0x00, new byte[] {' '});
                }
                code = socket.closeCode();
            } catch (java.net.SocketException closedMeanwhile) {
                assertThat(closedMeanwhile).hasMessageNotContaining("timed out");
            }
            // The server may put it together, for it is short, and then it is no JSON.
            assertThat(code).isIn(1008, 1009, -1);
        }
        assertOthersLiveOn();
    }

    @Test
    void w14CompressionIsDeclinedSoThatNothingCanBlowUp() throws IOException {
        try (RawSocket socket = new RawSocket(demo.address())) {
            assertThat(socket.handshake)
                    .startsWith("HTTP/1.1 101")
                    .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
            socket.frame(0x81, """
                    {"type":"Connect","sessionId":"%s","connectionCount":0,"lastCloseReason":null}""".formatted(UUID.randomUUID()).getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @CsvSource({"removed@passing.test, true", "deactivated@passing.test, false"})
    void w05AMembershipThatEndsClosesTheSocketWithinASecondOrSo(String email, boolean removed, TestReporter reporter)
            throws Exception {
        MembershipId membership = joins(email);
        Visitor member = demo.visitor().signIn(email);
        try (LiveSocket socket = LiveSocket.open(demo.address())) {
            socket.authenticate(member.accessToken()).follow(0, "users:me", "{}");
            await().untilAsserted(() -> assertThat(socket.result(0)).isPresent());
            if (removed) {
                demo.demo().workOs().removeMember(membership);
            } else {
                demo.demo().workOs().deactivateMember(membership);
            }
            Duration took = socket.untilClosed(SOON);
            reporter.publishEntry("a membership that ended closed its socket after ms", Long.toString(took.toMillis()));
            assertThat(socket.frames("AuthError")).hasSize(1);
        }
    }

    @Test
    void w05AUserWhoIsDeletedLosesTheSocketWithinASecondOrSo(TestReporter reporter) throws Exception {
        joins("deleted@passing.test");
        Visitor gone = demo.visitor().signIn("deleted@passing.test");
        UserId user = new UserId(gone.me().at("/user/id").asString());
        try (LiveSocket socket = LiveSocket.open(demo.address())) {
            socket.authenticate(gone.accessToken()).follow(0, "users:me", "{}");
            await().untilAsserted(() -> assertThat(socket.result(0)).isPresent());
            demo.demo().workOs().deleteUser(user);
            Duration took = socket.untilClosed(SOON);
            reporter.publishEntry("a deleted user lost the socket after ms", Long.toString(took.toMillis()));
            assertThat(socket.frames("AuthError")).hasSize(1);
        }
    }

    /** Somebody new in an organization of his own: the personas belong to every test. */
    private static MembershipId joins(String email) {
        WorkOsDouble workOs = demo.demo().workOs();
        UserId user = workOs.createUser(NewUser.named(email, "Passing", "By"));
        return workOs.addMember(user, workOs.createOrganization("Passing by: " + email), new RoleSlug("member"));
    }
}
