package dev.lockstep.starter.web;

import dev.lockstep.starter.OriginPatterns;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.filter.CorsFilter;

/**
 * Which pages of other origins may read what this server answers them: those that were named, with their cookies, and
 * nobody else. The framework's own matching of patterns is not used; a star there stands for more than one label.
 */
final class OwnCors extends CorsConfiguration {
    private final OriginPatterns origins;

    OwnCors(OriginPatterns origins) {
        this.origins = origins;
        setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        setAllowedHeaders(List.of("Accept", "Content-Type", CsrfInterceptor.HEADER, "Lockstep-Read-After"));
        setExposedHeaders(List.of("Retry-After"));
        setAllowCredentials(true);
        setMaxAge(Duration.ofMinutes(10));
    }

    /** Answers for the named origins; whoever else asks gets no word of CORS, so browsers keep it from them. */
    static CorsFilter filter(OriginPatterns origins) {
        var cors = new OwnCors(origins);
        return new CorsFilter(request -> origins.matches(request.getHeader("Origin")) ? cors : null);
    }

    @Override
    public @Nullable String checkOrigin(@Nullable String origin) {
        return origins.matches(origin) ? origin : null;
    }
}
