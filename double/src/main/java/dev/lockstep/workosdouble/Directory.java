package dev.lockstep.workosdouble;

import dev.lockstep.identity.RoleSlug;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One connected directory, driven as its identity provider would. Thread-safe; a verb that names something unknown
 * throws {@link IllegalArgumentException}.
 */
public final class Directory {
    private final DoubleId.Directory id;
    private final Directories directories;
    private final DirectoryUsers users;
    private final DirectoryGroups groups;

    Directory(DoubleId.Directory id, Directories directories, DirectoryUsers users, DirectoryGroups groups) {
        this.id = id;
        this.directories = directories;
        this.users = users;
        this.groups = groups;
    }

    public DoubleId.Directory id() {
        return id;
    }

    /** Emits {@code dsync.user.created}. */
    public DoubleId.DirectoryUser addUser(NewDirectoryUser user) {
        return new DoubleId.DirectoryUser(users.add(id, user).id());
    }

    /** Emits {@code dsync.user.updated} with {@code previous_attributes}. */
    public void renameUser(DoubleId.DirectoryUser user, String firstName, String lastName) {
        users.update(user, Json.object().put("first_name", firstName).put("last_name", lastName));
    }

    public void changeEmail(DoubleId.DirectoryUser user, String email) {
        users.update(user, Json.object().put("email", email).put("username", email));
    }

    /** The role that the provider's groups map to; null takes it away. */
    public void changeRole(DoubleId.DirectoryUser user, @Nullable RoleSlug role) {
        ObjectNode wanted = Json.object();
        if (role == null) {
            wanted.putNull("role");
        } else {
            wanted.putObject("role").put("slug", role.value());
        }
        users.update(user, wanted);
    }

    /**
     * The provider switches the person off: {@code dsync.user.deleted}, or {@code dsync.user.updated} with
     * {@code state=inactive} where {@link DoubleSettings.InactiveUsers#KEPT} is set. Who comes back is a new user.
     */
    public void deactivateUser(DoubleId.DirectoryUser user) {
        users.update(user, Json.object().put("state", "inactive"));
    }

    /** Only where inactive users are kept. */
    public void reactivateUser(DoubleId.DirectoryUser user) {
        users.update(user, Json.object().put("state", "active"));
    }

    /** Emits {@code dsync.user.deleted} only; the person's group memberships go without events. */
    public void removeUser(DoubleId.DirectoryUser user) {
        users.delete(user);
    }

    public DoubleId.DirectoryGroup addGroup(String name) {
        return new DoubleId.DirectoryGroup(groups.add(id, name, null).id());
    }

    public void renameGroup(DoubleId.DirectoryGroup group, String name) {
        groups.rename(group, name);
    }

    /** Emits {@code dsync.group.deleted} only; nobody is told that the members left. */
    public void removeGroup(DoubleId.DirectoryGroup group) {
        groups.delete(group);
    }

    public void join(DoubleId.DirectoryUser user, DoubleId.DirectoryGroup group) {
        groups.join(user, group);
    }

    public void leave(DoubleId.DirectoryUser user, DoubleId.DirectoryGroup group) {
        groups.leave(user, group);
    }

    /** Emits {@code dsync.deleted} and nothing for the users and groups, which are gone. */
    public void delete() {
        directories.delete(id);
    }
}
