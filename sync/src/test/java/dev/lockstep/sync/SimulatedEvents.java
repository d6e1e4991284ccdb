package dev.lockstep.sync;

import dev.lockstep.workos.object.ObjectKind;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** How the simulated WorkOS treats each kind: how often it happens, what it needs, and what its events are called. */
final class SimulatedEvents {
    private static final List<ObjectKind> OFTEN = List.of(
            ObjectKind.USER,
            ObjectKind.USER,
            ObjectKind.USER,
            ObjectKind.ORGANIZATION_MEMBERSHIP,
            ObjectKind.ORGANIZATION_MEMBERSHIP,
            ObjectKind.ORGANIZATION_MEMBERSHIP,
            ObjectKind.SESSION,
            ObjectKind.SESSION,
            ObjectKind.DIRECTORY_USER,
            ObjectKind.DIRECTORY_USER,
            ObjectKind.DIRECTORY_GROUP_MEMBER,
            ObjectKind.DIRECTORY_GROUP_MEMBER,
            ObjectKind.DIRECTORY_GROUP_MEMBER);

    private SimulatedEvents() {}

    static ObjectKind often(Random random) {
        int drawn = random.nextInt(OFTEN.size() + ObjectKind.values().length);
        return drawn < OFTEN.size() ? OFTEN.get(drawn) : ObjectKind.values()[drawn - OFTEN.size()];
    }

    /** What must be there before one can be made. */
    static List<ObjectKind> parents(ObjectKind kind) {
        return switch (kind) {
            case ORGANIZATION_MEMBERSHIP -> List.of(ObjectKind.USER, ObjectKind.ORGANIZATION);
            case SESSION -> List.of(ObjectKind.USER);
            case ORGANIZATION_DOMAIN, ORGANIZATION_ROLE, GROUP, API_KEY -> List.of(ObjectKind.ORGANIZATION);
            case DIRECTORY_USER, DIRECTORY_GROUP -> List.of(ObjectKind.DIRECTORY);
            case DIRECTORY_GROUP_MEMBER -> List.of(ObjectKind.DIRECTORY_USER, ObjectKind.DIRECTORY_GROUP);
            case GROUP_MEMBER -> List.of(ObjectKind.GROUP, ObjectKind.ORGANIZATION_MEMBERSHIP);
            case USER, ORGANIZATION, ROLE, PERMISSION, INVITATION, DIRECTORY, CONNECTION, FEATURE_FLAG -> List.of();
        };
    }

    /** The field that an update changes; empty where there are no updates. */
    static String field(ObjectKind kind) {
        return switch (kind) {
            case USER, DIRECTORY_USER -> "first_name";
            case ORGANIZATION_MEMBERSHIP -> "status";
            case SESSION, DIRECTORY, DIRECTORY_GROUP_MEMBER, GROUP_MEMBER -> "";
            case ROLE -> "resource_type_slug";
            case ORGANIZATION,
                    ORGANIZATION_DOMAIN,
                    ORGANIZATION_ROLE,
                    PERMISSION,
                    INVITATION,
                    DIRECTORY_GROUP,
                    CONNECTION,
                    GROUP,
                    FEATURE_FLAG,
                    API_KEY -> "name";
        };
    }

    static String created(ObjectKind kind) {
        return switch (kind) {
            case DIRECTORY -> "dsync.activated";
            case CONNECTION -> "connection.activated";
            case DIRECTORY_GROUP_MEMBER -> "dsync.group.user_added";
            case GROUP_MEMBER -> "group.member_added";
            default -> family(kind) + ".created";
        };
    }

    static String updated(ObjectKind kind) {
        return switch (kind) {
            case INVITATION -> "invitation.resent";
            case CONNECTION -> "connection.deactivated";
            default -> family(kind) + ".updated";
        };
    }

    /** Empty where there is no such event. */
    static String deleted(ObjectKind kind) {
        return switch (kind) {
            case INVITATION -> "";
            case SESSION -> "session.revoked";
            case DIRECTORY -> "dsync.deleted";
            case DIRECTORY_GROUP_MEMBER -> "dsync.group.user_removed";
            case GROUP_MEMBER -> "group.member_removed";
            case API_KEY -> "api_key.revoked";
            default -> family(kind) + ".deleted";
        };
    }

    private static String family(ObjectKind kind) {
        return switch (kind) {
            case DIRECTORY_USER -> "dsync.user";
            case DIRECTORY_GROUP -> "dsync.group";
            case FEATURE_FLAG -> "flag";
            default -> kind.name().toLowerCase(Locale.ROOT);
        };
    }
}
