package dev.lockstep.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.testing.PostgresExtension;
import dev.lockstep.workosdouble.DoubleSettings;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.io.IOException;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole example on a real PostgreSQL, with the double in the place of WorkOS. */
class ProjectsApplicationTest {
    @RegisterExtension
    static final PostgresExtension postgres = PostgresExtension.empty();

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static RunningExample example;

    @BeforeAll
    static void start() throws IOException {
        WorkOsDouble workOs = WorkOsDouble.start(DoubleSettings.defaults());
        workOs.seedDemo();
        example = RunningExample.start(postgres, workOs);
    }

    @AfterAll
    static void stop() {
        example.close();
    }

    @Test
    void aProjectAppearsOnTheOpenPagesOfItsOrganizationOnly() throws Exception {
        try (OpenPage ada = page("ada@acme.test");
                OpenPage ben = page("ben@acme.test");
                OpenPage cleo = page("cleo@globex.test")) {
            ben.hears("QueryUpdated");
            cleo.hears("QueryUpdated");

            ada.create("Apollo");

            assertThat(ada.hears("MutationResponse")).contains("\"success\":true");
            ben.hears("QueryUpdated", "Apollo");
            cleo.create("Gemini");
            assertThat(cleo.hears("QueryUpdated", "Gemini")).doesNotContain("Apollo");
        }
    }

    @Test
    void aProjectWrittenByHandAppearsToo() throws Exception {
        try (OpenPage ada = page("ada@acme.test")) {
            ada.hears("QueryUpdated");

            try (Connection connection = postgres.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("""
                        INSERT INTO app.projects (organization_id, name, created_by)
                        SELECT id, 'Mercury', 'psql' FROM workos.organizations WHERE name = 'Acme Robotics'
                        """);
            }

            ada.hears("QueryUpdated", "Mercury");
        }
    }

    @Test
    void aNameThatIsTakenOrMissingIsToldWithACodeForThePage() throws Exception {
        try (OpenPage ada = page("ada@acme.test");
                OpenPage cleo = page("cleo@globex.test")) {
            ada.create("Voyager");
            assertThat(ada.hears("MutationResponse")).contains("\"success\":true");
            ada.create("Voyager");
            assertThat(ada.hears("MutationResponse"))
                    .contains("\"success\":false")
                    .contains("\"code\":\"NAME_TAKEN\"");
            ada.create(" ");
            assertThat(ada.hears("MutationResponse")).contains("\"code\":\"NAME_MISSING\"");
            cleo.create("Voyager");
            assertThat(cleo.hears("MutationResponse")).contains("\"success\":true");
        }
    }

    @Test
    void aStrangerIsRefusedAndSoIsAnAdministratorWhereAnOwnerIsAskedFor() throws Exception {
        Person ada = new Person(HTTP, example.home()).signIn("ada@acme.test");
        Person ben = new Person(HTTP, example.home()).signIn("ben@acme.test");

        assertThat(new Person(HTTP, example.home()).get("/hello").statusCode()).isEqualTo(401);
        assertThat(ada.get("/hello").body()).contains("user_");
        assertThat(ben.change("DELETE", "/projects").statusCode()).isEqualTo(403);
        assertThat(ada.change("DELETE", "/projects").statusCode()).isEqualTo(200);
    }

    private static OpenPage page(String email) throws Exception {
        return new OpenPage(
                HTTP,
                example.home(),
                new Person(HTTP, example.home()).signIn(email).accessToken());
    }
}
