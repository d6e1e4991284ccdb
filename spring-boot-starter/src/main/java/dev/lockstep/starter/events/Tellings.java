package dev.lockstep.starter.events;

import dev.lockstep.store.Database;
import dev.lockstep.store.feed.Doorbell;
import dev.lockstep.sync.outbox.DomainListener;
import dev.lockstep.sync.outbox.OutboxDelivery;
import java.lang.reflect.Method;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodIntrospector.MetadataLookup;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Finds the application's listeners once all beans are there, beans that are a {@link DomainListener} and annotated
 * methods, and runs the delivery to them. Ringing it before that is no harm.
 */
final class Tellings implements SmartLifecycle, Doorbell {
    /** Before the rooms, so that the first event applied is recorded for everybody. */
    private static final int BEFORE_THE_ROOMS = Integer.MAX_VALUE - 4097;

    private final ListableBeanFactory beans;
    private final Database database;
    private final boolean enabled;
    private volatile @Nullable OutboxDelivery delivery;

    /** @param enabled whether this node tells anybody */
    Tellings(ListableBeanFactory beans, Database database, boolean enabled) {
        this.beans = beans;
        this.database = database;
        this.enabled = enabled;
    }

    @Override
    public void start() {
        OutboxDelivery started =
                new OutboxDelivery(database, listeners(), OutboxDelivery.Settings.defaults(), new SecureRandom());
        if (enabled) {
            started.start();
        }
        delivery = started;
    }

    private List<DomainListener> listeners() {
        List<DomainListener> found = new ArrayList<>(
                beans.getBeanProvider(DomainListener.class).orderedStream().toList());
        MetadataLookup<WorkOsEvent> lookup =
                method -> AnnotatedElementUtils.findMergedAnnotation(method, WorkOsEvent.class);
        for (String name : beans.getBeanDefinitionNames()) {
            Class<?> type = beans.getType(name, false);
            if (type == null || type.getName().startsWith("org.springframework.")) {
                continue;
            }
            Map<Method, WorkOsEvent> methods = MethodIntrospector.selectMethods(type, lookup);
            if (!methods.isEmpty()) {
                Object bean = beans.getBean(name);
                Class<?> owner = AopUtils.getTargetClass(bean);
                methods.forEach((method, annotation) -> found.add(AnnotatedListener.of(
                        bean, owner, AopUtils.selectInvocableMethod(method, bean.getClass()), annotation)));
            }
        }
        return found;
    }

    @Override
    public void ring() {
        OutboxDelivery started = delivery;
        if (started != null) {
            started.signal();
        }
    }

    @Override
    public void stop() {
        OutboxDelivery stopping = delivery;
        delivery = null;
        if (stopping != null) {
            stopping.close();
        }
    }

    @Override
    public boolean isRunning() {
        return delivery != null;
    }

    @Override
    public int getPhase() {
        return BEFORE_THE_ROOMS;
    }
}
