package dev.lockstep.server.cli;

import dev.lockstep.sync.freshness.UserTrail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says in sentences why the mirror shows a user as it does, or does not, and what to do. */
final class UserWhy {
    private static final int EVENTS_SHOWN = 8;

    private UserWhy() {}

    static List<String> sentences(UserTrail trail) {
        List<String> said = new ArrayList<>();
        said.add(trail.row()
                .map(UserWhy::row)
                .orElse("no row: nothing about this user was ever applied here; fetch them with: user sync"));
        trail.memberships()
                .forEach(idle -> said.add("membership " + idle.membership() + " has no effect: " + idle.why()));
        waiting(trail, said);
        trail.refetches()
                .forEach(refetch -> said.add("WorkOS is to be asked for the " + refetch.kind() + " once more ("
                        + refetch.reason() + ", since " + refetch.askedAt() + ", attempt " + refetch.attempts()
                        + ", due " + refetch.dueAt() + ")"));
        said.add(comparison(trail));
        said.add(trail.appliedThrough()
                .map(through -> "every event of WorkOS up to " + through + " is applied or parked")
                .orElse("nothing is proved about how far the mirror has come: no tail has reached the end yet"));
        return said;
    }

    private static String row(UserTrail.Row row) {
        Optional<String> ending = Optional.ofNullable(row.deletedAt())
                .map(at -> "gone since " + at + ", "
                        + ("snapshot".equals(row.deletedBy())
                                ? "because WorkOS, asked for them, had no such user"
                                : "by event " + row.deletedBy())
                        + "; a user id never comes back");
        return ending.orElseGet(() -> "there, as of " + row.changedAt() + " by WorkOS's clock, by " + row.by()
                + (row.event() == null ? "" : ", newest event " + row.event()) + ", written " + row.appliedAt());
    }

    /** What failed or waits first, then the newest of the rest. */
    private static void waiting(UserTrail trail, List<String> said) {
        if (trail.events().isEmpty()) {
            said.add("no event that names them is among the newest 100,000: look at the webhook address, its secret,"
                    + " and the tail");
        }
        for (UserTrail.Event event : trail.events()) {
            switch (event.state()) {
                case "parked" ->
                    said.add("PARKED " + name(event) + ": " + event.reason()
                            + "; when the cause is gone: parked replay " + event.id());
                case "retry" ->
                    said.add("FAILED " + name(event) + ": " + event.reason() + "; next try at " + event.nextAt());
                case "new" -> said.add("waits " + name(event) + ", received " + event.receivedAt());
                default -> {}
            }
        }
        trail.events().stream()
                .filter(event -> event.state().equals("done") || event.state().equals("ignored"))
                .limit(EVENTS_SHOWN)
                .forEach(event -> said.add(
                        event.state() + " " + name(event) + ", by " + event.source() + " at " + event.receivedAt()));
    }

    private static String name(UserTrail.Event event) {
        return event.id() + " (" + (event.type() == null ? "unreadable" : event.type()) + ")";
    }

    private static String comparison(UserTrail trail) {
        if (trail.compared().isEmpty()) {
            return "the mirror was never compared with WorkOS; do it with: reconcile";
        }
        String when = "the comparison of " + trail.compared().get();
        if (trail.drift().isEmpty()) {
            return when + " found nothing against them";
        }
        StringBuilder found = new StringBuilder(when).append(" found:");
        for (UserTrail.Found one : trail.drift()) {
            found.append(' ')
                    .append(one.kind())
                    .append(' ')
                    .append(one.key())
                    .append(' ')
                    .append(one.category())
                    .append(one.fields().isEmpty() ? "" : " (" + one.fields() + ")")
                    .append(one.repaired() ? ", repaired;" : ", not repaired;");
        }
        return found.substring(0, found.length() - 1);
    }
}
