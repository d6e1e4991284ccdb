package dev.lockstep.starter.events;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean that is told what changed in the mirror: after the commit, once per change, again when it throws,
 * and parked after the last attempt. It takes a {@link dev.lockstep.sync.outbox.DomainEvent} or one of its kinds, and,
 * if it likes, the {@link dev.lockstep.store.Tx} in which its own writes happen exactly once and the
 * {@link dev.lockstep.sync.outbox.DomainListener.Telling}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface WorkOsEvent {
    /**
     * What it hears: exact types such as {@code user.created}, or families such as {@code dsync.user.*}. May be left
     * out when the method takes a kind that has one type.
     */
    String[] value() default {};

    /**
     * Its name among the listeners, which must stay the same from version to version: what waits for a listener waits
     * for its name. By default the class and the method.
     */
    String name() default "";
}
