package dev.lockstep.starter.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers addresses and methods that do not exist like every other refusal: a page for people, a problem document for
 * programs. Only where the application has chosen problem documents.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class UnknownAddressAdvice {
    private final JsonMapper json;

    /** Writes with this mapper; the server declares the bean, an application on the starter need not. */
    public UnknownAddressAdvice(JsonMapper json) {
        this.json = json;
    }

    @ExceptionHandler(NoResourceFoundException.class)
    void nothingHere(NoResourceFoundException unknown, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String accept = request.getHeader("Accept");
        if (accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html")) {
            PlainPage.write(
                    response,
                    HttpServletResponse.SC_NOT_FOUND,
                    "There is nothing here",
                    "Check the address, or go to the start page. Reference " + Ref.of(request) + ".");
        } else {
            Problem.notFound().write(request, response, json);
        }
    }

    @ExceptionHandler(HttpRequestMethodNotSupportedException.class)
    void notSoHere(
            HttpRequestMethodNotSupportedException refused, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String[] allowed = refused.getSupportedMethods();
        if (allowed != null) {
            response.setHeader("Allow", String.join(", ", allowed));
        }
        new Problem(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        "METHOD_NOT_ALLOWED",
                        "This address does not take that method. The header Allow says which it takes.")
                .write(request, response, json);
    }
}
