package dev.lockstep.starter.web;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says where a request comes from. With {@code n} proxies of ours in front, that is what the outermost of them wrote:
 * the n-th address of {@code X-Forwarded-For} from the right. What stands further left was written by the visitor and is
 * never looked at; without proxies the header is not looked at either.
 */
final class ClientAddress {
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV4_WITH_PORT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}):\\d{1,5}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final Pattern BRACKETED = Pattern.compile("\\[([0-9A-Fa-f:.]{2,45})](?::\\d{1,5})?");
    private static final int NETWORK_BYTES = 8;

    private final int hops;

    /** @param hops how many proxies of ours stand in front, zero or more */
    ClientAddress(int hops) {
        this.hops = hops;
    }

    /** Returns an address literal; the peer's own when the proxies did not say, or said something unreadable. */
    String of(HttpServletRequest request) {
        return of(request.getRemoteAddr(), () -> Collections.list(request.getHeaders("X-Forwarded-For")));
    }

    /** The same where there is no servlet; the headers are only looked at when there are proxies. */
    String of(String peer, Supplier<List<String>> forwardedFor) {
        if (hops == 0) {
            return peer;
        }
        List<String> chain = new ArrayList<>();
        for (String header : forwardedFor.get()) {
            chain.addAll(Arrays.asList(header.split(",", -1)));
        }
        if (chain.size() < hops) {
            return peer;
        }
        String literal = literal(chain.get(chain.size() - hops).strip());
        return literal == null ? peer : literal;
    }

    /** Returns what a limit counts by: an IPv4 address, or the network of an IPv6 one, whose owner has all of it. */
    String network(HttpServletRequest request) {
        String address = of(request);
        return address.indexOf(':') >= 0 && parsed(address) instanceof Inet6Address six
                ? HexFormat.of().formatHex(six.getAddress(), 0, NETWORK_BYTES)
                : address;
    }

    /** The bytes of an address literal, brackets or not; null when it is none. */
    static @Nullable InetAddress address(String text) {
        String literal = literal(text);
        return literal == null ? null : parsed(literal);
    }

    private static @Nullable String literal(String text) {
        var withPort = IPV4_WITH_PORT.matcher(text);
        var bracketed = BRACKETED.matcher(text);
        String bare = withPort.matches() ? withPort.group(1) : bracketed.matches() ? bracketed.group(1) : text;
        boolean shaped = IPV4.matcher(bare).matches()
                || (bare.indexOf(':') >= 0 && IPV6.matcher(bare).matches());
        return shaped && parsed(bare) != null ? bare : null;
    }

    /** Only called with what has the shape of a literal, so that no name is ever looked up. */
    private static @Nullable InetAddress parsed(String literal) {
        try {
            int zone = literal.indexOf('%');
            return InetAddress.getByName(zone < 0 ? literal : literal.substring(0, zone));
        } catch (UnknownHostException notOne) {
            return null;
        }
    }
}
