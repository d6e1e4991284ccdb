package dev.lockstep.starter.web;

import jakarta.servlet.http.HttpServletResponse;

/** Keeps what is signed-in out of every cache. */
final class NoStore {
    private NoStore() {}

    static void on(HttpServletResponse response) {
        response.setHeader("Cache-Control", "private, no-cache, no-store, must-revalidate, max-age=0");
        response.setHeader("Vary", "Cookie");
    }
}
