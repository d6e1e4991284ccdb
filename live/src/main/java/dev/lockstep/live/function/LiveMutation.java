package dev.lockstep.live.function;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method a live mutation. It may take a {@link MutationContext}, one record as its arguments, and, for callers who have
 * them, {@code Caller.SignedIn}, {@code UserId} and {@code OrganizationId}; in any order. The promises are those of
 * {@link MutationFunction}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface LiveMutation {
    /** Its name, {@code module:function}. */
    String value();

    /** Whether only other functions may call it. */
    boolean internal() default false;

    /** Whether it reads rows of every organization and chooses by itself what its caller may see. */
    boolean acrossOrganizations() default false;
}
