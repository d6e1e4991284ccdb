package dev.lockstep.workosdouble;

import dev.lockstep.identity.OrganizationId;
import java.util.List;

/** What an organization leaves behind when it is deleted, and with which words. */
final class Estate {
    private static final List<Kind> WORDLESS = List.of(Kind.INVITATION, Kind.ORGANIZATION_ROLE);

    private Estate() {}

    /** @param told whether what has events says that it goes */
    static void dissolve(Change change, OrganizationId organization, boolean told) {
        ObjectShelves objects = change.tables().objects;
        String id = organization.value();
        for (ObjectRecord domain : objects.ownedRecords(Kind.DOMAIN, id)) {
            Domains.drop(change, domain, told);
        }
        for (ObjectRecord group : objects.ownedRecords(Kind.GROUP, id)) {
            Groups.drop(change, group, told);
        }
        for (ObjectRecord key : objects.ownedRecords(Kind.API_KEY, id)) {
            ApiKeys.drop(change, key, told);
        }
        for (ObjectRecord connection : objects.ownedRecords(Kind.CONNECTION, id)) {
            Connections.drop(change, connection, told);
        }
        for (ObjectRecord directory : objects.ownedRecords(Kind.DIRECTORY, id)) {
            Directories.drop(change, directory, told);
        }
        for (Kind kind : WORDLESS) {
            objects.ownedRecords(kind, id).forEach(change::discard);
        }
    }
}
