package dev.lockstep.sync.projection;

import dev.lockstep.identity.AccountId;
import dev.lockstep.identity.UserId;
import dev.lockstep.store.Tx;
import java.util.UUID;

/** Creates the application's own rows of a user at sign-in; it never changes what the application has put there. */
final class Accounts {
    private static final String ENSURE = """
            INSERT INTO app.accounts (workos_user_id, last_seen_at) VALUES (:user, now())
            ON CONFLICT (workos_user_id) DO UPDATE SET last_seen_at = excluded.last_seen_at
            RETURNING id
            """;
    private static final String ENSURE_PROFILE = """
            INSERT INTO app.profiles (account_id, workos_user_id) VALUES (:account, :user)
            ON CONFLICT DO NOTHING
            """;

    private static final String REPAIR = """
            WITH made AS (
              INSERT INTO app.accounts (workos_user_id) SELECT id FROM workos.users_live WHERE id = :user
              ON CONFLICT DO NOTHING RETURNING id, workos_user_id)
            INSERT INTO app.profiles (account_id, workos_user_id)
            SELECT id, workos_user_id FROM made
            UNION ALL
            SELECT a.id, a.workos_user_id FROM app.accounts a JOIN workos.users_live u ON u.id = a.workos_user_id
            WHERE u.id = :user
            ON CONFLICT DO NOTHING
            """;

    private Accounts() {}

    /** Makes what is missing of the rows of somebody the mirror shows, without a sign-in. */
    static void repair(Tx tx, UserId user) {
        tx.sql(REPAIR).param("user", user.value()).update();
    }

    static AccountId ensure(Tx tx, UserId user) {
        UUID account =
                tx.sql(ENSURE).param("user", user.value()).query(UUID.class).single();
        tx.sql(ENSURE_PROFILE)
                .param("account", account)
                .param("user", user.value())
                .update();
        return new AccountId(account);
    }
}
