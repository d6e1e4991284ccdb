package dev.lockstep.starter.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ClientAddressTest {
    private static final String PEER = "10.0.0.9";

    private final MockHttpServletRequest request = new MockHttpServletRequest();

    ClientAddressTest() {
        request.setRemoteAddr(PEER);
    }

    @Test
    void withoutProxiesTheHeaderIsNotLookedAt() {
        request.addHeader("X-Forwarded-For", "198.51.100.7");
        assertThat(new ClientAddress(0).of(request)).isEqualTo(PEER);
    }

    @ParameterizedTest
    @CsvSource({
        "1, '203.0.113.1', 203.0.113.1",
        "1, '1.1.1.1, 2.2.2.2, 203.0.113.1', 203.0.113.1",
        "2, '1.1.1.1, 203.0.113.1, 10.0.0.2', 203.0.113.1",
        "2, '203.0.113.1', 10.0.0.9",
        "1, '203.0.113.1:4711', 203.0.113.1",
        "1, '[2001:db8::1]:443', 2001:db8::1",
        "1, '2001:db8::1', 2001:db8::1"
    })
    void onlyWhatTheOutermostProxyOfOursWroteCounts(int hops, String header, String address) {
        request.addHeader("X-Forwarded-For", header);
        assertThat(new ClientAddress(hops).of(request)).isEqualTo(address);
    }

    @Test
    void severalHeadersAreOneList() {
        request.addHeader("X-Forwarded-For", "1.1.1.1");
        request.addHeader("X-Forwarded-For", "203.0.113.1");
        assertThat(new ClientAddress(1).of(request)).isEqualTo("203.0.113.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "unknown",
                "evil.example",
                "999.1.1.1",
                "1.2.3",
                "::::",
                "[::1",
                "_hidden",
                "203.0.113.1, ",
                "127.0.0.1/8",
                "fe80::1%eth0",
                "203.0.113.1:999999"
            })
    void garbageIsThePeersOwnAddress(String header) {
        request.addHeader("X-Forwarded-For", header);
        assertThat(new ClientAddress(1).of(request)).isEqualTo(PEER);
    }

    @Test
    void aLimitCountsByTheNetworkOfAnIpv6Address() {
        request.setRemoteAddr("2001:db8:1:2:3:4:5:6");
        String one = new ClientAddress(0).network(request);
        request.setRemoteAddr("2001:db8:1:2:ffff::1");
        assertThat(new ClientAddress(0).network(request)).isEqualTo(one);
        request.setRemoteAddr("2001:db8:1:3::1");
        assertThat(new ClientAddress(0).network(request)).isNotEqualTo(one);
        request.setRemoteAddr(PEER);
        assertThat(new ClientAddress(0).network(request)).isEqualTo(PEER);
    }
}
