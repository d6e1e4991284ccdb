package dev.lockstep.starter.web;

import java.util.List;

/**
 * What a login page may offer besides its one button. An application may declare a bean of it; by default there is
 * nothing more.
 *
 * @param demo whether this is a demo, where signing in as one of the personas is a click
 * @param personas people to sign in as, in a demo only
 */
public record SignInPage(boolean demo, List<Persona> personas) {

    /** Nothing but the button. */
    public static final SignInPage PLAIN = new SignInPage(false, List.of());

    public SignInPage {
        personas = List.copyOf(personas);
    }

    /** Somebody to sign in as. */
    public record Persona(String email, String name, String role, String organization, String loginHint) {}
}
