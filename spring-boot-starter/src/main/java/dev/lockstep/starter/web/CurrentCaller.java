package dev.lockstep.starter.web;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a controller parameter that receives who is calling: a {@link dev.lockstep.identity.Caller} for anybody, a
 * {@link dev.lockstep.identity.Caller.SignedIn} when only a signed-in person may go on (others get 401), or an {@code
 * Optional} of it; a {@link dev.lockstep.identity.Caller.Machine} when only a program with an API key may go on; an
 * {@link OpenSession} for everything the session holds; a {@link Person} for ids, names, organization and role of the
 * person who is signed in.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface CurrentCaller {}
