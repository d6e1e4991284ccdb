package dev.lockstep.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An ordinary Spring Boot application; the starter does the rest. */
@SpringBootApplication
public class ProjectsApplication {
    /** Starts it with the variables that {@code .env.example} lists. */
    public static void main(String[] args) {
        SpringApplication.run(ProjectsApplication.class, args);
    }
}
