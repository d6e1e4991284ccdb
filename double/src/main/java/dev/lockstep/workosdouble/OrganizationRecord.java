package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One organization as the double's own WorkOS holds it. Instants have millisecond resolution. */
public record OrganizationRecord(
        OrganizationId id,
        String name,
        @Nullable String externalId,
        Map<String, String> metadata,
        Instant createdAt,
        Instant updatedAt) {

    public OrganizationRecord {
        metadata = Map.copyOf(metadata);
    }
}
