package dev.lockstep.starter.web;

import jakarta.servlet.http.HttpServletRequest;

/** The reference that a person can read to support and that stands in the log beside what really happened. */
final class Ref {
    private Ref() {}

    /** Returns the reference of this request; the container makes one per request. */
    static String of(HttpServletRequest request) {
        Object known = request.getAttribute(Ref.class.getName());
        if (known instanceof String ref) {
            return ref;
        }
        String ref =
                java.util.HexFormat.of().toHexDigits(java.util.UUID.randomUUID().getMostSignificantBits());
        request.setAttribute(Ref.class.getName(), ref);
        return ref;
    }
}
