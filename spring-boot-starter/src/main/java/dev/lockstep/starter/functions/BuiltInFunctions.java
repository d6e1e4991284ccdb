package dev.lockstep.starter.functions;

import dev.lockstep.live.function.LiveFunctions;

/** Everything a page can ask without a line of Java from the application. */
public final class BuiltInFunctions {
    private BuiltInFunctions() {}

    /** Adds the built-in functions to those of the application. */
    public static void register(LiveFunctions.Builder functions) {
        UserFunctions.register(functions);
        OrganizationFunctions.register(functions);
        SessionFunctions.register(functions);
        ProfileFunctions.register(functions);
        NotificationFunctions.register(functions);
    }
}
