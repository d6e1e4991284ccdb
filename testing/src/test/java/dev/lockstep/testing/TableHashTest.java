package dev.lockstep.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TableHashTest {
    @RegisterExtension
    final PostgresExtension postgres = PostgresExtension.empty();

    @BeforeEach
    void twoTables() throws SQLException {
        run(
                "CREATE SCHEMA app; CREATE TABLE app.a (x text); CREATE TABLE app.b (x text); CREATE TABLE public.c (x text)");
        run("INSERT INTO app.a VALUES ('one'), ('two')");
    }

    @Test
    void theSameRowsAddUpToTheSameWhateverTheirOrder() throws SQLException {
        TableHash before = look();
        assertThat(before.tables()).containsOnlyKeys("app.a", "app.b");
        run(
                "DELETE FROM app.a; INSERT INTO app.a VALUES ('two'), ('one'); INSERT INTO public.c VALUES ('not looked at')");
        assertThat(look()).isEqualTo(before);
    }

    @Test
    void aChangedAnAddedAndARemovedRowNameTheirTable() throws SQLException {
        TableHash before = look();
        run("UPDATE app.a SET x = 'two ' WHERE x = 'two'");
        assertThat(look().differingFrom(before)).containsExactly("app.a");
        run("UPDATE app.a SET x = 'two' WHERE x = 'two '; INSERT INTO app.b VALUES (NULL)");
        assertThat(look().differingFrom(before)).containsExactly("app.b");
        run("DELETE FROM app.b; DROP TABLE app.a");
        assertThat(look().differingFrom(before)).containsExactly("app.a");
    }

    private TableHash look() throws SQLException {
        return TableHash.of(postgres.dataSource());
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = postgres.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
