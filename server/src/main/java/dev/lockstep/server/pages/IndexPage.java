package dev.lockstep.server.pages;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/**
 * Serves the one page of the console application at each of its addresses, with the nonce of the response in every tag
 * that the policy lets run. No cache keeps it: a nonce that is used twice is none.
 */
@Controller
final class IndexPage {
    private static final String PAGE = "META-INF/resources/lockstep/index.html";
    private static final String PLACE = "LOCKSTEP-NONCE";

    private final @Nullable String page;

    /** @param page the built page, or null when the pages were left out of the build */
    IndexPage(@Nullable String page) {
        this.page = page;
    }

    /** Reads the built page from the jar of the pages. */
    static IndexPage fromJar() throws IOException {
        try (InputStream in = IndexPage.class.getClassLoader().getResourceAsStream(PAGE)) {
            return new IndexPage(in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @GetMapping({"/", "/login", "/register", "/dashboard", "/signed-out", "/index.html"})
    void page(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (page == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        String nonce = String.valueOf(request.getAttribute(PageHeaders.NONCE));
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/html; charset=utf-8");
        response.getOutputStream().write(page.replace(PLACE, nonce).getBytes(StandardCharsets.UTF_8));
    }
}
