package dev.lockstep.server.demo;

import dev.lockstep.starter.web.SignInPage;
import dev.lockstep.starter.web.SignInPage.Persona;
import dev.lockstep.workosdouble.WorkOsDouble;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Lets the login page offer the people that the double was seeded with. Absent outside the demo. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBean(WorkOsDouble.class)
class DemoConfiguration {
    private static final String ACME = "Acme Robotics";
    private static final String GLOBEX = "Globex Health";

    @Bean
    SignInPage signInPage() {
        return new SignInPage(
                true,
                List.of(
                        persona("ada@acme.test", "Ada Osei", "owner", ACME),
                        persona("ben@acme.test", "Ben Ito", "admin", ACME),
                        persona("cleo@globex.test", "Cleo Marsh", "member", GLOBEX),
                        persona("dev@globex.test", "Dev Patel", "viewer", GLOBEX)));
    }

    private static Persona persona(String email, String name, String role, String organization) {
        return new Persona(email, name, role, organization, email);
    }
}
