/** HTTP: the session filter, the authentication routes, the webhook mouth, problem documents. */
@NullMarked
package dev.lockstep.starter.web;

import org.jspecify.annotations.NullMarked;
