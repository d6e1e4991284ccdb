package dev.lockstep.workosdouble;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One thing that can go wrong. It is armed at {@link Faults}; over HTTP its {@code kind} is its name in snake_case. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Fault.Drop.class, name = "drop"),
    @JsonSubTypes.Type(value = Fault.Duplicate.class, name = "duplicate"),
    @JsonSubTypes.Type(value = Fault.Delay.class, name = "delay"),
    @JsonSubTypes.Type(value = Fault.Hold.class, name = "hold"),
    @JsonSubTypes.Type(value = Fault.WrongSignature.class, name = "wrong_signature"),
    @JsonSubTypes.Type(value = Fault.Skew.class, name = "skew"),
    @JsonSubTypes.Type(value = Fault.CutWebhook.class, name = "cut_webhook"),
    @JsonSubTypes.Type(value = Fault.Status.class, name = "status"),
    @JsonSubTypes.Type(value = Fault.Hang.class, name = "hang"),
    @JsonSubTypes.Type(value = Fault.SlowBody.class, name = "slow_body"),
    @JsonSubTypes.Type(value = Fault.CutBody.class, name = "cut_body"),
    @JsonSubTypes.Type(value = Fault.Drift.class, name = "drift"),
    @JsonSubTypes.Type(value = Fault.Poison.class, name = "poison"),
    @JsonSubTypes.Type(value = Fault.UnknownEvent.class, name = "unknown_event"),
    @JsonSubTypes.Type(value = Fault.UnknownField.class, name = "unknown_field"),
    @JsonSubTypes.Type(value = Fault.OddTime.class, name = "odd_time"),
})
public sealed interface Fault {

    /** Happens to the first attempt of a webhook; retries are sent properly. */
    sealed interface OfWebhook extends Fault {}

    /** Happens to a request whose path starts so. */
    sealed interface OfRequest extends Fault {
        String path();
    }

    /** Happens to an event when it is written, so webhook and Events API show it alike; the prefix {@code ""} means any type. */
    sealed interface OfEvent extends Fault {
        String typePrefix();
    }

    /** Never sent, not even as a retry; the Events API still has the event. */
    record Drop() implements OfWebhook {}

    /** Sent that many times at once. */
    record Duplicate(int copies) implements OfWebhook {
        public Duplicate {
            atLeast("copies", copies, 2);
        }
    }

    /** Sent that much later, by the double's clock. */
    record Delay(Duration by) implements OfWebhook {
        public Delay {
            Objects.requireNonNull(by, "by");
        }
    }

    /** This one and the following ones are held until so many are there. */
    record Hold(int window, Release release) implements OfWebhook {
        public Hold {
            atLeast("window", window, 1);
            Objects.requireNonNull(release, "release");
        }

        /** How held webhooks go out. */
        public enum Release {
            /** One after the other, newest first. */
            NEWEST_FIRST,
            /** One after the other, in an order drawn by lot. */
            SHUFFLED,
            /** All at the same time. */
            BURST
        }
    }

    /** Signed with a secret that nobody has. */
    record WrongSignature() implements OfWebhook {}

    /** The signature's time is that far off; negative is in the past. */
    record Skew(Duration by) implements OfWebhook {
        public Skew {
            Objects.requireNonNull(by, "by");
        }
    }

    /** Half of the body arrives, under the signature of the whole. */
    record CutWebhook() implements OfWebhook {}

    /** Answered so; 502, 503 and 504 as a gateway's HTML page. */
    record Status(String path, int status, @Nullable Duration retryAfter) implements OfRequest {
        public Status {
            Objects.requireNonNull(path, "path");
            atLeast("status", status, 400);
        }
    }

    /** No answer for so long (real time), then the connection is closed. */
    record Hang(String path, Duration time) implements OfRequest {
        public Hang {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(time, "time");
        }
    }

    /** The right answer, its body dripping over so long (real time). */
    record SlowBody(String path, Duration time) implements OfRequest {
        public SlowBody {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(time, "time");
        }
    }

    /** The right answer, broken off in the middle of its body. */
    record CutBody(String path) implements OfRequest {
        public CutBody {
            Objects.requireNonNull(path, "path");
        }
    }

    /** A list page that does not fit the one before it, as if rows had moved between the two reads. */
    record Drift(String path, Way way) implements OfRequest {
        public Drift {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(way, "way");
        }

        /** Which way the rows moved. */
        public enum Way {
            /** The last row of the page before comes again. */
            REPEATED,
            /** One row is on neither page. */
            SKIPPED
        }
    }

    /** An event that cannot be applied, for ever. */
    record Poison(String typePrefix, Damage damage) implements OfEvent {
        public Poison {
            Objects.requireNonNull(typePrefix, "typePrefix");
            Objects.requireNonNull(damage, "damage");
        }

        /** What is wrong with its payload. */
        public enum Damage {
            /** The object has no id. */
            NO_ID,
            /** A field has another type than it should. */
            WRONG_TYPE,
            /** A text holds the character that PostgreSQL cannot store. */
            NUL_CHARACTER,
            /** The payload is an empty object. */
            EMPTY
        }
    }

    /** A further event of a type that nobody knows yet comes right before. */
    record UnknownEvent(String typePrefix) implements OfEvent {
        public UnknownEvent {
            Objects.requireNonNull(typePrefix, "typePrefix");
        }
    }

    /** Envelope and payload carry fields that nobody knows yet. */
    record UnknownField(String typePrefix) implements OfEvent {
        public UnknownField {
            Objects.requireNonNull(typePrefix, "typePrefix");
        }
    }

    /** The envelope's {@code created_at} is written in another way. */
    record OddTime(String typePrefix, Spelling spelling) implements OfEvent {
        public OddTime {
            Objects.requireNonNull(typePrefix, "typePrefix");
            Objects.requireNonNull(spelling, "spelling");
        }

        /** How the same moment reads. */
        public enum Spelling {
            /** With a blank and without a zone, as in a sample of the documentation. */
            BLANK_SEPARATED,
            /** With six decimals. */
            MICROSECONDS,
            /** At an offset that is not zero. */
            OFFSET,
            /** Without decimals. */
            SECONDS
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", it must be at least " + least);
        }
    }
}
