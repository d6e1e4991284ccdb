package dev.lockstep.sync.reconcile;

import dev.lockstep.identity.MembershipId;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.RoleSlug;
import dev.lockstep.identity.UserId;
import dev.lockstep.workosdouble.Directory;
import dev.lockstep.workosdouble.DoubleId;
import dev.lockstep.workosdouble.NewDirectoryUser;
import dev.lockstep.workosdouble.NewUser;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Things that happen at the double of WorkOS: people and teams come, change and go, directories with them. */
final class Turmoil {
    private final WorkOsDouble workOs;
    private final Random random;
    private final List<UserId> people = new ArrayList<>();
    private final List<OrganizationId> teams = new ArrayList<>();
    private final Map<MembershipId, UserId> members = new LinkedHashMap<>();
    private final List<Directory> directories = new ArrayList<>();
    private final List<Listed> listed = new ArrayList<>();
    private int next;

    Turmoil(WorkOsDouble workOs, long seed) {
        this.workOs = workOs;
        this.random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            teams.add(workOs.createOrganization("Team " + i));
            directories.add(workOs.directory(teams.getLast(), "Directory " + i));
        }
    }

    private record Listed(Directory directory, DoubleId.DirectoryUser person, DoubleId.DirectoryGroup group) {}

    /** So many verbs, drawn at random; some find nothing to act on. */
    void happen(int verbs) {
        for (int i = 0; i < verbs; i++) {
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> comes();
                case 3, 4 -> {
                    if (!people.isEmpty()) {
                        workOs.renameUser(any(people), "Renamed", "Number " + next++);
                    }
                }
                case 5 -> {
                    if (!people.isEmpty()) {
                        workOs.changeEmail(any(people), "moved" + next++ + "@acme.test");
                    }
                }
                case 6 -> goes();
                case 7 -> teams.add(workOs.createOrganization("Team " + next++));
                case 8 -> workOs.renameOrganization(any(teams), "Renamed team " + next++);
                case 9, 10 -> isListed();
                case 11 -> isUnlisted();
                case 12 -> leaves();
                default -> {
                    if (random.nextInt(20) == 0 && directories.size() > 1) {
                        closes(directories.remove(random.nextInt(directories.size())));
                    }
                }
            }
        }
    }

    private void comes() {
        UserId person = workOs.createUser(NewUser.named("p" + next + "@acme.test", "Person", "Number " + next++));
        people.add(person);
        members.put(workOs.addMember(person, any(teams), new RoleSlug("member")), person);
    }

    private void goes() {
        if (!people.isEmpty()) {
            UserId person = people.remove(random.nextInt(people.size()));
            workOs.deleteUser(person);
            members.values().removeIf(person::equals);
        }
    }

    private void leaves() {
        if (!members.isEmpty()) {
            MembershipId membership = any(List.copyOf(members.keySet()));
            if (random.nextBoolean()) {
                workOs.changeRole(membership, new RoleSlug(random.nextBoolean() ? "admin" : "member"));
            } else {
                workOs.removeMember(membership);
                members.remove(membership);
            }
        }
    }

    private void isListed() {
        Directory directory = any(directories);
        DoubleId.DirectoryUser person =
                directory.addUser(NewDirectoryUser.named("d" + next + "@acme.test", "Listed", "Number " + next));
        DoubleId.DirectoryGroup group = directory.addGroup("Group " + next++);
        directory.join(person, group);
        listed.add(new Listed(directory, person, group));
    }

    private void isUnlisted() {
        if (!listed.isEmpty()) {
            Listed one = listed.remove(random.nextInt(listed.size()));
            switch (random.nextInt(3)) {
                case 0 -> one.directory.leave(one.person, one.group);
                case 1 -> one.directory.removeGroup(one.group);
                default -> one.directory.removeUser(one.person);
            }
        }
    }

    private void closes(Directory directory) {
        listed.removeIf(one -> one.directory.equals(directory));
        directory.delete();
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
