package dev.lockstep.server.pages;

import java.util.List;

/** The addresses that show the console application. Anything else that is not a file or an endpoint is a 404. */
final class PagePaths {
    static final List<String> ALL = List.of("/", "/login", "/register", "/dashboard", "/signed-out");

    private PagePaths() {}
}
