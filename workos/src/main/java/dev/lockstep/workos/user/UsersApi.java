package dev.lockstep.workos.user;

import dev.lockstep.identity.UserId;
import dev.lockstep.workos.Call;
import dev.lockstep.workos.Lookup;
import dev.lockstep.workos.Page;
import dev.lockstep.workos.WorkOsClient;
import dev.lockstep.workos.object.WorkOsUser;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The users of the environment. Safe for all threads; every method blocks and throws {@code WorkOsException}. */
public final class UsersApi {
    private static final String PATH = "/user_management/users";

    private final WorkOsClient client;

    /** Uses a client with its urgency. */
    public UsersApi(WorkOsClient client) {
        this.client = client;
    }

    /** Returns the user, or empty when WorkOS says that there is none. */
    public Optional<WorkOsUser> find(UserId id) {
        return Lookup.find(client, Call.get(path(id)), WorkOsUser::from);
    }

    /**
     * Returns one page of all users, oldest first.
     *
     * @param after the cursor of the page before, or null for the first
     */
    public Page<WorkOsUser> page(@Nullable String after) {
        return Page.fetch(client, Call.get(PATH), after, WorkOsUser::from);
    }

    /** Changes what the change names and returns the user as it is afterwards. */
    public WorkOsUser update(UserId id, UserChange change) {
        return Lookup.require(client, Call.put(path(id), change.json()), WorkOsUser::from);
    }

    private static String path(UserId id) {
        return PATH + "/" + Call.segment(id.value());
    }
}
