package dev.lockstep.store.feed;

import dev.lockstep.store.Database;
import dev.lockstep.store.Migrations;
import javax.sql.DataSource;

/** A watched table for tests. */
final class Things {
    private Things() {}

    /** The schema with the table, as a template's preparation. */
    static void prepare(DataSource dataSource) {
        Migrations.migrate(dataSource);
        Database database = new Database(dataSource);
        database.write(tx -> tx.sql("CREATE TABLE things (id int PRIMARY KEY, owner text, note text)")
                .update());
        database.write(
                tx -> tx.sql("CALL lockstep.watch('things', 'id', 'owner')").update());
    }

    static void insert(Database database, int id) {
        database.write(tx -> tx.sql("INSERT INTO things (id, owner) VALUES (:id, 'ada')")
                .param("id", id)
                .update());
    }

    static int id(Change change) {
        var key = change.newKey().isEmpty() ? change.oldKey() : change.newKey();
        var id = key.get("id");
        return id == null ? -1 : id.intValue();
    }
}
