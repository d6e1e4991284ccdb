package dev.lockstep.starter.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets only people in who proved who they are a short while ago. Others are sent through WorkOS once more; programs get
 * 401 {@code REAUTHENTICATION_REQUIRED} with the address to go to. A token that does not say when counts as too old.
 */
@Documented
@Inherited
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface RequiresRecentAuth {
    /** How long ago at most, such as {@code 5m}, {@code 90s} or {@code PT5M}. */
    String value();
}
