package dev.lockstep.starter.web;

import dev.lockstep.workos.WorkOsException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.databind.json.JsonMapper;

/** Turns failures behind Lockstep's own controllers into problem documents that say nothing of the inside. */
@RestControllerAdvice(basePackages = {"dev.lockstep.starter.web", "dev.lockstep.server"})
final class FailureAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(FailureAdvice.class);

    private final JsonMapper json;

    FailureAdvice(JsonMapper json) {
        this.json = json;
    }

    @ExceptionHandler(DataAccessException.class)
    void noDatabase(DataAccessException failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        RequestLog.because(request, failure);
        Problem.noDatabase().write(request, response, json);
    }

    @ExceptionHandler(WorkOsException.class)
    void noWorkOs(WorkOsException failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        LOG.warn("{} ref={}", failure.problem().code(), Ref.of(request));
        RequestLog.because(request, failure);
        new Problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "UPSTREAM_UNAVAILABLE",
                        failure.problem().mayHaveHappened()
                                ? "WorkOS did not answer, so nobody knows whether it was done. Look, then try again."
                                : "WorkOS did not carry this out. Nothing was changed; try again in a few seconds.")
                .write(request, response, json);
    }

    @ExceptionHandler(HttpMessageNotReadableException.class)
    void unreadable(HttpMessageNotReadableException failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        new Problem(
                        HttpStatus.BAD_REQUEST,
                        "REQUEST_UNREADABLE",
                        "The body is not the JSON that this takes. Correct it.")
                .write(request, response, json);
    }

    @ExceptionHandler(TypeMismatchException.class)
    void unfit(TypeMismatchException failure, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        new Problem(
                        HttpStatus.BAD_REQUEST,
                        "REQUEST_UNREADABLE",
                        "A parameter is not of the kind that this takes. Correct it.")
                .write(request, response, json);
    }

    /** What nobody expected. What the framework has an answer for keeps it. */
    @ExceptionHandler(RuntimeException.class)
    void broken(RuntimeException failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (failure instanceof ErrorResponse || response.isCommitted()) {
            throw failure;
        }
        LOG.error("INTERNAL_ERROR ref={}", Ref.of(request), failure);
        RequestLog.because(request, failure);
        Problem.broken().write(request, response, json);
    }
}
