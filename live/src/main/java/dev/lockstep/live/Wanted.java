package dev.lockstep.live;

import dev.lockstep.identity.Caller;
import dev.lockstep.live.subscription.Question;

/** A question that has no answer at present, and for whom it is asked. */
record Wanted(Question question, Caller caller) {}
