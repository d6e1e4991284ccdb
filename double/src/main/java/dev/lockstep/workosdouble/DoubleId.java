package dev.lockstep.workosdouble;

/** The ids of the objects that the double has beside users, organizations, memberships and sessions, one record a kind. */
public sealed interface DoubleId {
    String value();

    record Domain(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }

    record Invitation(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }

    record Directory(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }

    record DirectoryUser(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }

    record DirectoryGroup(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }

    record Connection(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }

    record Group(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }

    record Flag(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }

    record ApiKey(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }

    record WebhookEndpoint(String value) implements DoubleId {
        @Override
        public String toString() {
            return value;
        }
    }
}
