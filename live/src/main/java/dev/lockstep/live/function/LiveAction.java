package dev.lockstep.live.function;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method a live action. It may take a {@link ActionContext}, one record as its arguments, and, for callers who have
 * them, {@code Caller.SignedIn}, {@code UserId} and {@code OrganizationId}; in any order. The promises are those of
 * {@link ActionFunction}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface LiveAction {
    /** Its name, {@code module:function}. */
    String value();

    /** Whether only other functions may call it. */
    boolean internal() default false;
}
