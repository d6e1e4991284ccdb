package dev.lockstep.workosdouble;

import dev.lockstep.identity.EventId;
import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.SessionId;
import dev.lockstep.identity.UserId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All state, changed by facts only. Not thread-safe: the {@link World} holds the lock. */
final class Tables {
    final Shelf<UserId, UserRecord> users = new Shelf<>(UserRecord::id, UserId::value);
    final Shelf<OrganizationId, OrganizationRecord> organizations =
            new Shelf<>(OrganizationRecord::id, OrganizationId::value);
    final Shelf<MembershipId, MembershipRecord> memberships = new Shelf<>(MembershipRecord::id, MembershipId::value);
    final Shelf<SessionId, SessionRecord> sessions = new Shelf<>(SessionRecord::id, SessionId::value);
    final EventLog events = new EventLog();
    final ObjectShelves objects = new ObjectShelves();
    final Shelf.Index<OrganizationId, UserId> usersOfOrganization = users.indexed();
    final Shelf.Index<UserId, MembershipId> membershipsOfUser = memberships.indexed();
    final Shelf.Index<OrganizationId, MembershipId> membershipsOfOrganization = memberships.indexed();
    final Shelf.Index<UserId, SessionId> sessionsOfUser = sessions.indexed();
    final Map<String, Delivery> deliveries = new LinkedHashMap<>();

    private final Map<String, UserId> userByEmail = new HashMap<>();
    private final Map<Pair, MembershipId> membershipOfPair = new HashMap<>();
    private final Map<String, UserId> userByExternalId = new HashMap<>();
    private final Map<String, OrganizationId> organizationByExternalId = new HashMap<>();
    private final Map<String, SignInCode> codes = new LinkedHashMap<>();
    private final Map<String, RefreshGrant> grants = new HashMap<>();
    private final Map<SessionId, Deque<String>> grantsOfSession = new HashMap<>();
    private @Nullable House house;

    void apply(Fact fact) {
        switch (fact) {
            case Fact.HousePut put -> house = put.house();
            case Fact.UserPut put -> putUser(put.user());
            case Fact.UserGone gone -> dropUser(gone.id());
            case Fact.OrganizationPut put -> putOrganization(put.organization());
            case Fact.OrganizationGone gone -> dropOrganization(gone.id());
            case Fact.MembershipPut put -> putMembership(put.membership());
            case Fact.MembershipGone gone -> dropMembership(gone.id());
            case Fact.SessionPut put -> putSession(put.session());
            case Fact.SessionGone gone -> dropSession(gone.id());
            case Fact.CodePut put -> codes.put(put.code().code(), put.code());
            case Fact.CodeGone gone -> codes.remove(gone.code());
            case Fact.GrantPut put -> putGrant(put.grant());
            case Fact.GrantGone gone -> dropGrant(gone.token());
            case Fact.ObjectPut put -> objects.put(put.object());
            case Fact.ObjectGone gone -> objects.remove(gone.kind(), gone.id());
            case Fact.Emptied ignored -> empty();
            case Fact.EventPut put -> events.add(put.event());
            case Fact.DeliveryPut put -> deliveries.put(put.delivery().key(), put.delivery());
            case Fact.DeliveryGone gone -> deliveries.remove(Delivery.key(gone.event(), gone.endpoint()));
        }
    }

    /** Everything but the house. */
    private void empty() {
        List.of(users, organizations, memberships, sessions).forEach(Shelf::clear);
        List.of(membershipsOfUser, membershipsOfOrganization, sessionsOfUser, usersOfOrganization)
                .forEach(Shelf.Index::clear);
        events.clear();
        objects.clear();
        List.of(
                        deliveries,
                        userByEmail,
                        userByExternalId,
                        organizationByExternalId,
                        membershipOfPair,
                        codes,
                        grants,
                        grantsOfSession)
                .forEach(Map::clear);
    }

    House house() {
        return Objects.requireNonNull(house, "the house is written when the double starts");
    }

    Optional<House> findHouse() {
        return Optional.ofNullable(house);
    }

    Optional<UserRecord> userByEmail(String email) {
        return Optional.ofNullable(userByEmail.get(folded(email))).map(users::find);
    }

    Optional<UserRecord> userByExternalId(@Nullable String id) {
        return Optional.ofNullable(userByExternalId.get(id)).map(users::find);
    }

    Optional<OrganizationRecord> organizationByExternalId(@Nullable String id) {
        return Optional.ofNullable(organizationByExternalId.get(id)).map(organizations::find);
    }

    Optional<SignInCode> code(String code) {
        return Optional.ofNullable(codes.get(code));
    }

    List<SignInCode> codesExpiredAt(Instant now) {
        return codes.values().stream()
                .takeWhile(code -> !now.isBefore(code.expiresAt()))
                .toList();
    }

    Optional<RefreshGrant> grant(String token) {
        return Optional.ofNullable(grants.get(token));
    }

    /** Oldest first. */
    List<String> grantsOf(SessionId session) {
        return List.copyOf(grantsOfSession.getOrDefault(session, new ArrayDeque<>()));
    }

    Optional<MembershipRecord> membership(UserId user, OrganizationId organization) {
        return Optional.ofNullable(membershipOfPair.get(new Pair(user, organization)))
                .map(memberships::find);
    }

    private record Pair(UserId user, OrganizationId organization) {}

    List<MembershipRecord> activeMemberships(UserId user) {
        return membershipsOfUser.of(user).stream()
                .map(memberships::find)
                .filter(Objects::nonNull)
                .filter(membership -> membership.status() == MembershipRecord.Status.ACTIVE)
                .toList();
    }

    /** The shortest history that leads here; events and ended sessions older than the horizon are left out. */
    List<Fact> facts(Instant horizon) {
        List<Fact> facts = new ArrayList<>();
        findHouse().ifPresent(found -> facts.add(new Fact.HousePut(found)));
        users.all().forEach(user -> facts.add(new Fact.UserPut(user)));
        organizations.all().forEach(organization -> facts.add(new Fact.OrganizationPut(organization)));
        memberships.all().forEach(membership -> facts.add(new Fact.MembershipPut(membership)));
        for (SessionRecord session : sessions.all()) {
            if (session.endedAt() == null || session.endedAt().isAfter(horizon)) {
                facts.add(new Fact.SessionPut(session));
                for (String token : grantsOf(session.id())) {
                    grant(token).ifPresent(grant -> facts.add(new Fact.GrantPut(grant)));
                }
            }
        }
        for (Kind kind : Kind.values()) {
            objects.all(kind).forEach(object -> facts.add(new Fact.ObjectPut(object)));
        }
        codes.values().forEach(code -> facts.add(new Fact.CodePut(code)));
        Set<EventId> undelivered = new HashSet<>();
        deliveries.values().forEach(delivery -> undelivered.add(delivery.event()));
        for (EventRecord event : events.all()) {
            if (event.createdAt().isAfter(horizon) || undelivered.contains(event.id())) {
                facts.add(new Fact.EventPut(event));
            }
        }
        deliveries.values().forEach(delivery -> facts.add(new Fact.DeliveryPut(delivery)));
        return facts;
    }

    private void putUser(UserRecord user) {
        UserRecord old = users.put(user);
        if (old != null) {
            forget(old);
        }
        userByEmail.put(folded(user.email()), user.id());
        if (user.externalId() != null) {
            userByExternalId.put(user.externalId(), user.id());
        }
    }

    private void forget(UserRecord old) {
        userByEmail.remove(folded(old.email()));
        if (old.externalId() != null) {
            userByExternalId.remove(old.externalId(), old.id());
        }
    }

    private void putOrganization(OrganizationRecord organization) {
        forget(organizations.put(organization));
        if (organization.externalId() != null) {
            organizationByExternalId.put(organization.externalId(), organization.id());
        }
    }

    private void dropOrganization(OrganizationId id) {
        forget(organizations.remove(id));
    }

    private void forget(@Nullable OrganizationRecord old) {
        if (old != null && old.externalId() != null) {
            organizationByExternalId.remove(old.externalId(), old.id());
        }
    }

    private void dropUser(UserId id) {
        UserRecord old = users.remove(id);
        if (old != null) {
            forget(old);
        }
    }

    private void putMembership(MembershipRecord membership) {
        memberships.put(membership);
        membershipsOfUser.add(membership.userId(), membership.id());
        membershipsOfOrganization.add(membership.organizationId(), membership.id());
        usersOfOrganization.add(membership.organizationId(), membership.userId());
        membershipOfPair.put(new Pair(membership.userId(), membership.organizationId()), membership.id());
    }

    private void dropMembership(MembershipId id) {
        MembershipRecord old = memberships.remove(id);
        if (old != null) {
            membershipsOfUser.drop(old.userId(), id);
            membershipsOfOrganization.drop(old.organizationId(), id);
            usersOfOrganization.drop(old.organizationId(), old.userId());
            membershipOfPair.remove(new Pair(old.userId(), old.organizationId()), id);
        }
    }

    private void putSession(SessionRecord session) {
        sessions.put(session);
        sessionsOfUser.add(session.userId(), session.id());
    }

    private void dropSession(SessionId id) {
        SessionRecord old = sessions.remove(id);
        if (old != null) {
            sessionsOfUser.drop(old.userId(), id);
        }
        grantsOf(id).forEach(this::dropGrant);
    }

    private void putGrant(RefreshGrant grant) {
        if (grants.put(grant.token(), grant) == null) {
            grantsOfSession
                    .computeIfAbsent(grant.session(), ignored -> new ArrayDeque<>())
                    .addLast(grant.token());
        }
    }

    private void dropGrant(String token) {
        RefreshGrant old = grants.remove(token);
        if (old != null) {
            grantsOfSession.computeIfPresent(old.session(), (ignored, tokens) -> {
                tokens.remove(token);
                return tokens.isEmpty() ? null : tokens;
            });
        }
    }

    private static String folded(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }
}
