package dev.lockstep.starter.web;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who may send webhooks at all: anybody, or the addresses that were listed. It is a door in front of the signature, never
 * instead of it. Thread-safe.
 */
final class WebhookSenders {
    private final ClientAddress addresses;
    private final Set<InetAddress> allowed = new HashSet<>();
    private final boolean anybody;

    /** @param allowed address literals; none lets everybody in */
    WebhookSenders(ClientAddress addresses, List<String> allowed) {
        this.addresses = addresses;
        this.anybody = allowed.isEmpty();
        for (String each : allowed) {
            InetAddress address = ClientAddress.address(each.strip());
            if (address != null) {
                this.allowed.add(address);
            }
        }
    }

    /** Whether a sender may speak. What cannot be read as an address may not. */
    boolean allow(WebhookMouth.Post post) {
        if (anybody) {
            return true;
        }
        Supplier<List<String>> forwardedFor = () -> post.headers("X-Forwarded-For");
        InetAddress sender = ClientAddress.address(addresses.of(post.peer(), forwardedFor));
        return sender != null && allowed.contains(sender);
    }
}
