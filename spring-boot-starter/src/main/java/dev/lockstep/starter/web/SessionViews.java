package dev.lockstep.starter.web;

import dev.lockstep.identity.SessionId;
import dev.lockstep.starter.Device;
import dev.lockstep.starter.OwnSessions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions as JSON. */
final class SessionViews {
    private SessionViews() {}

    /** @param current the session that asks, or null when it is somebody else's list */
    static Map<String, Object> of(List<OwnSessions.Entry> entries, @Nullable SessionId current) {
        return Map.of(
                "sessions", entries.stream().map(entry -> view(entry, current)).toList());
    }

    private static Map<String, @Nullable Object> view(OwnSessions.Entry entry, @Nullable SessionId current) {
        Map<String, @Nullable Object> view = new LinkedHashMap<>();
        view.put("id", entry.id().value());
        view.put("current", entry.id().equals(current));
        view.put("device", Device.nameOf(entry.userAgent()));
        view.put("ipAddress", entry.ipAddress());
        view.put("method", entry.method());
        view.put(
                "organizationId",
                entry.organizationId() == null ? null : entry.organizationId().value());
        view.put("byOperator", entry.byOperator());
        view.put("createdAt", text(entry.createdAt()));
        view.put("lastSeenAt", text(entry.seenAt()));
        view.put("expiresAt", text(entry.expiresAt()));
        return view;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
