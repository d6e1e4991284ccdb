package dev.lockstep.sync.freshness;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Tx;
import dev.lockstep.workos.event.DecodedEvent;
import dev.lockstep.workos.event.Envelope;
import dev.lockstep.workos.event.EventDecoder;
import dev.lockstep.workos.event.MembershipEvent;
import dev.lockstep.workos.event.OrganizationEvent;
import dev.lockstep.workos.event.UserEvent;
import dev.lockstep.workos.object.WorkOsMembership;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * About whom the mirror may be wrong although it is new: people and organizations whose event has failed, waits for
 * another try or is parked, and whose row has not come past it since. Poison about one person says nothing about others.
 */
final class Doubts {
    /** Above so many failed events it is simpler, and safer, to doubt everything. */
    static final int MOST = 100;

    private static final String FAILED = """
            SELECT body FROM lockstep.inbox WHERE state = 'retry' AND event_type ~ '^(user|organization|organization_membership)[.]'
            UNION ALL
            SELECT body FROM lockstep.inbox WHERE state = 'parked' AND event_type ~ '^(user|organization|organization_membership)[.]'
            LIMIT :most
            """;

    /** Nobody is doubted. */
    static final Doubts NONE = new Doubts(Set.of(), Set.of(), Set.of(), false);

    private final Set<UserId> users;
    private final Set<OrganizationId> organizations;
    private final Set<Member> members;
    private final boolean everybody;

    private record Member(UserId user, OrganizationId organization) {}

    private record Failed(DecodedEvent event, Wanted wanted) {}

    private Doubts(Set<UserId> users, Set<OrganizationId> organizations, Set<Member> members, boolean everybody) {
        this.users = users;
        this.organizations = organizations;
        this.members = members;
        this.everybody = everybody;
    }

    /** Reads them in the caller's transaction. An event that cannot be read at all names nobody and raises no doubt. */
    static Doubts read(Tx tx) {
        List<byte[]> bodies = tx.sql(FAILED)
                .param("most", MOST + 1)
                .query((row, number) -> row.getBytes(1))
                .list();
        if (bodies.isEmpty()) {
            return NONE;
        }
        if (bodies.size() > MOST) {
            return new Doubts(Set.of(), Set.of(), Set.of(), true);
        }
        EventDecoder decoder = new EventDecoder();
        List<Failed> failed = new ArrayList<>();
        for (byte[] body : bodies) {
            DecodedEvent event = decoder.decode(body);
            wanted(event).ifPresent(wanted -> failed.add(new Failed(event, wanted)));
        }
        Look look = Look.at(tx, failed.stream().map(Failed::wanted).toList());
        failed.removeIf(event -> look.outcome(event.wanted()).isPresent());
        return of(failed);
    }

    /** Whether the mirror may be wrong about this person in this organization. */
    boolean about(UserId user, OrganizationId organization) {
        return everybody
                || users.contains(user)
                || organizations.contains(organization)
                || members.contains(new Member(user, organization));
    }

    private static Doubts of(List<Failed> failed) {
        Set<UserId> users = new HashSet<>();
        Set<OrganizationId> organizations = new HashSet<>();
        Set<Member> members = new HashSet<>();
        for (Failed one : failed) {
            if (one.event() instanceof UserEvent event) {
                users.add(event.user().id());
            } else if (one.event() instanceof OrganizationEvent event) {
                organizations.add(event.organization().id());
            } else if (one.event() instanceof MembershipEvent event) {
                WorkOsMembership membership = event.membership();
                members.add(new Member(membership.userId(), membership.organizationId()));
            }
        }
        return new Doubts(users, organizations, members, false);
    }

    /** What the mirror would have to show for the failed event not to matter any more. */
    private static Optional<Wanted> wanted(DecodedEvent decoded) {
        if (decoded instanceof UserEvent event) {
            return Optional.of(later(MirroredObject.user(event.user().id()), event.envelope()));
        }
        if (decoded instanceof OrganizationEvent event) {
            return Optional.of(
                    later(MirroredObject.organization(event.organization().id()), event.envelope()));
        }
        if (decoded instanceof MembershipEvent event) {
            return Optional.of(
                    later(MirroredObject.membership(event.membership().id()), event.envelope()));
        }
        return Optional.empty();
    }

    private static Wanted later(MirroredObject object, Envelope envelope) {
        return new Wanted.Change(object, new Version.OfEvent(envelope.createdAt(), envelope.id()));
    }
}
