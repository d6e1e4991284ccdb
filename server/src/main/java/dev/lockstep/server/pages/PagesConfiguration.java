package dev.lockstep.server.pages;

import dev.lockstep.starter.LockstepProperties;
import dev.lockstep.starter.web.UnknownAddressAdvice;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Serves the console application of the web jar: hashed files for ever, the one page anew each time. */
@Configuration(proxyBeanMethods = false)
class PagesConfiguration implements WebMvcConfigurer {
    private static final String ROOT = "classpath:/META-INF/resources/lockstep/";

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/assets/**")
                .addResourceLocations(ROOT + "assets/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/*.js", "/*.css", "/*.svg", "/*.ico", "/*.txt", "/*.webmanifest")
                .addResourceLocations(ROOT)
                .setCacheControl(CacheControl.noCache());
    }

    @Bean
    IndexPage indexPage() throws IOException {
        return IndexPage.fromJar();
    }

    @Bean
    FilterRegistrationBean<PageHeaders> pageHeaders(LockstepProperties properties) {
        FilterRegistrationBean<PageHeaders> registration = new FilterRegistrationBean<>(new PageHeaders(
                properties.origin().toString(), properties.apiBase().toString(), new SecureRandom()));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    /** The server has no other pages, so it answers for every unknown address; an application has its own way. */
    @Bean
    UnknownAddressAdvice unknownAddresses(JsonMapper json) {
        return new UnknownAddressAdvice(json);
    }
}
