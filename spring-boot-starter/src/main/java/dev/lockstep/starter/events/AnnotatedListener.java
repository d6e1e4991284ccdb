package dev.lockstep.starter.events;

import dev.lockstep.store.Tx;
import dev.lockstep.sync.SyncProblem;
import dev.lockstep.sync.outbox.DomainEvent;
import dev.lockstep.sync.outbox.DomainListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/** One annotated method as a listener. */
final class AnnotatedListener implements DomainListener {
    /** Kinds of events that have one type each. */
    private static final Map<Class<?>, String> TYPE_OF = Map.ofEntries(
            Map.entry(DomainEvent.UserCreated.class, "user.created"),
            Map.entry(DomainEvent.UserUpdated.class, "user.updated"),
            Map.entry(DomainEvent.UserDeleted.class, "user.deleted"),
            Map.entry(DomainEvent.OrganizationCreated.class, "organization.created"),
            Map.entry(DomainEvent.OrganizationUpdated.class, "organization.updated"),
            Map.entry(DomainEvent.OrganizationDeleted.class, "organization.deleted"),
            Map.entry(DomainEvent.UserJoinedOrganization.class, "user.joined_organization"),
            Map.entry(DomainEvent.UserLeftOrganization.class, "user.left_organization"),
            Map.entry(DomainEvent.MembershipUpdated.class, "organization_membership.updated"),
            Map.entry(DomainEvent.SessionStarted.class, "session.created"),
            Map.entry(DomainEvent.SessionEnded.class, "session.revoked"),
            Map.entry(DomainEvent.DirectoryConnected.class, "dsync.activated"),
            Map.entry(DomainEvent.DirectoryRemoved.class, "dsync.deleted"));

    private final Object bean;
    private final Method method;
    private final String name;
    private final Set<String> types;

    private AnnotatedListener(Object bean, Method method, String name, Set<String> types) {
        this.bean = bean;
        this.method = method;
        this.name = name;
        this.types = types;
    }

    /**
     * Reads the method.
     *
     * @param owner the bean's own class, not that of a proxy
     * @throws SyncProblem SYNC_LISTENER_INVALID when it cannot be called with an event, or hears nothing
     */
    static AnnotatedListener of(Object bean, Class<?> owner, Method method, WorkOsEvent annotation) {
        String called = owner.getSimpleName() + "." + method.getName();
        List<Class<?>> events = Arrays.stream(method.getParameterTypes())
                .filter(DomainEvent.class::isAssignableFrom)
                .<Class<?>>map(type -> type)
                .toList();
        boolean others = Arrays.stream(method.getParameterTypes())
                .allMatch(
                        type -> DomainEvent.class.isAssignableFrom(type) || type == Tx.class || type == Telling.class);
        if (events.size() != 1 || !others) {
            throw invalid(called, "must take one DomainEvent, and besides it only a Tx or a Telling");
        }
        Class<?> kind = events.getFirst();
        Set<String> types = new TreeSet<>(List.of(annotation.value()));
        @Nullable String own = TYPE_OF.get(kind);
        if (types.isEmpty() && own != null) {
            types.add(own);
        }
        if (types.isEmpty()) {
            throw invalid(called, "must say what it hears, such as @WorkOsEvent(\"user.*\")");
        }
        if (own != null && !types.equals(Set.of(own))) {
            throw invalid(called, "takes a " + kind.getSimpleName() + ", which is always " + own);
        }
        ReflectionUtils.makeAccessible(method);
        return new AnnotatedListener(bean, method, annotation.name().isBlank() ? called : annotation.name(), types);
    }

    private static SyncProblem invalid(String called, String what) {
        return new SyncProblem(SyncProblem.Code.SYNC_LISTENER_INVALID, "The listener " + called + " " + what + ".");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<String> types() {
        return types;
    }

    @Override
    public void on(DomainEvent event, Telling telling) throws Exception {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> type == Tx.class ? telling.tx() : type == Telling.class ? telling : event)
                .toArray();
        try {
            method.invoke(bean, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            throw e;
        }
    }
}
