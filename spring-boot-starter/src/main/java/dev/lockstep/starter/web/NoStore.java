package dev.lockstep.starter.web;

import jakarta.servlet.http.HttpServletResponse;

/** Keeps what is signed-in out of every cache. */
final class NoStore {
    private NoStore() {}

    static void on(HttpServletResponse response) {
        response.setHeader("Cache-Control", "private, no-cache, no-store, must-revalidate, max-age=0");
        vary(response, "Cookie");
    }

    /** For answers that depend on a key in the {@code Authorization} header. */
    static void forKey(HttpServletResponse response) {
        on(response);
        vary(response, "Authorization");
    }

    private static void vary(HttpServletResponse response, String header) {
        if (!response.getHeaders("Vary").contains(header)) {
            response.addHeader("Vary", header);
        }
    }
}
