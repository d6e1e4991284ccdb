package dev.lockstep.sync.freshness;

import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.sync.projection.Snapshots;
import dev.lockstep.sync.projection.Snapshots.Fetched;
import dev.lockstep.sync.projection.Writer;
import dev.lockstep.workos.WorkOsException;
import dev.lockstep.workos.WorkOsProblem;
import dev.lockstep.workos.object.WorkOsMembership;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks WorkOS about memberships and remembers the answers as long as the bound of staleness allows: one call for each
 * person, organization and bound, however many requests want to know. Every answer is joined into the mirror.
 * Thread-safe.
 */
public final class AskedMemberships {
    private static final Logger LOG = LoggerFactory.getLogger(AskedMemberships.class);
    private static final int MOST_ANSWERS = 10_000;
    private static final int NOT_FOUND = 404;
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private final MembershipSource source;
    private final Snapshots snapshots;
    private final InstantSource clock;
    private final Duration goodFor;
    private final LongSupplier nanoClock;
    private final Map<Subject, CompletableFuture<Asked>> underWay = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    /** The longest untouched first; guarded by the lock. */
    private final LinkedHashMap<Subject, Answer> answers = new LinkedHashMap<>(64, 0.75f, true);
    /** Whether the last call got no answer; then nobody is asked before {@link #silentUntil}. */
    private volatile boolean silent;

    private final AtomicLong silentUntil = new AtomicLong();

    /**
     * @param source who is asked
     * @param snapshots joins the answers into the mirror
     * @param goodFor how long an answer counts, positive; the bound of staleness
     * @param clock says when the asking began
     * @param nanoClock monotonic, {@code System::nanoTime} outside tests
     */
    public AskedMemberships(
            MembershipSource source,
            Snapshots snapshots,
            Duration goodFor,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.source = source;
        this.snapshots = snapshots;
        this.goodFor = goodFor;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    private record Subject(UserId user, OrganizationId organization) {}

    private record Answer(Optional<Set<RoleSlug>> roles, long askedNanos) {}

    /** What came of asking. */
    sealed interface Asked {
        /** @param roles of the active memberships; empty when there is none */
        record Answered(Optional<Set<RoleSlug>> roles) implements Asked {}

        /** WorkOS gave no usable answer, a moment ago or now. */
        record Silent() implements Asked {}
    }

    /**
     * What WorkOS says, or said within the time an answer counts.
     *
     * @throws org.springframework.dao.DataAccessException when the answer cannot be joined into the mirror
     */
    Asked ask(UserId user, OrganizationId organization) {
        Subject subject = new Subject(user, organization);
        Optional<Asked> known = known(subject);
        if (known.isPresent()) {
            return known.get();
        }
        CompletableFuture<Asked> mine = new CompletableFuture<>();
        CompletableFuture<Asked> other = underWay.putIfAbsent(subject, mine);
        if (other != null) {
            return join(other);
        }
        try {
            // Somebody may have finished between the first look and now.
            mine.complete(known(subject).orElseGet(() -> askNow(subject)));
        } catch (RuntimeException | Error e) {
            mine.completeExceptionally(e);
        } finally {
            underWay.remove(subject, mine);
        }
        return join(mine);
    }

    private Optional<Asked> known(Subject subject) {
        long now = nanoClock.getAsLong();
        lock.lock();
        try {
            Answer answer = answers.get(subject);
            if (answer != null && now - answer.askedNanos() < goodFor.toNanos()) {
                return Optional.of(new Asked.Answered(answer.roles()));
            }
        } finally {
            lock.unlock();
        }
        return silent && silentUntil.get() - now > 0 ? Optional.of(new Asked.Silent()) : Optional.empty();
    }

    private Asked askNow(Subject subject) {
        long askedNanos = nanoClock.getAsLong();
        Instant startedAt = clock.instant();
        List<WorkOsMembership> found;
        try {
            found = source.memberships(subject.user(), subject.organization());
        } catch (WorkOsException e) {
            if (!(e.problem() instanceof WorkOsProblem.Refused refused) || refused.status() != NOT_FOUND) {
                return silent(e.problem());
            }
            // WorkOS knows no such user or organization.
            found = List.of();
        }
        silent = false;
        if (!found.isEmpty()) {
            snapshots.apply(new Fetched(List.of(), List.of(), found, List.of()), startedAt, Writer.SNAPSHOT);
        }
        Optional<Set<RoleSlug>> roles = roles(found);
        remember(subject, new Answer(roles, askedNanos));
        return new Asked.Answered(roles);
    }

    private static Optional<Set<RoleSlug>> roles(List<WorkOsMembership> found) {
        List<WorkOsMembership> active =
                found.stream().filter(WorkOsMembership::isActive).toList();
        if (active.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(active.stream()
                .flatMap(membership -> membership.roles().stream())
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Keeps a crowd from queueing up behind a WorkOS that does not answer. */
    private Asked silent(WorkOsProblem problem) {
        LOG.warn(
                "{}: the mirror is too old to decide and WorkOS gives no answer ({}); nobody is asked for {} ms.",
                Rights.Reason.RIGHTS_UNVERIFIABLE,
                problem.code(),
                SILENCE.toMillis());
        silentUntil.set(nanoClock.getAsLong() + SILENCE.toNanos());
        silent = true;
        return new Asked.Silent();
    }

    private void remember(Subject subject, Answer answer) {
        lock.lock();
        try {
            answers.put(subject, answer);
            if (answers.size() > MOST_ANSWERS) {
                answers.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    private static Asked join(CompletableFuture<Asked> asked) {
        try {
            return asked.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
