package dev.lockstep.starter.web;

import dev.lockstep.identity.AccountId;
import dev.lockstep.identity.Caller;
import dev.lockstep.starter.OwnRows;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.MethodParameter;
import org.springframework.dao.DataAccessException;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Fills parameters marked {@link CurrentCaller}. */
final class CallerArgument implements HandlerMethodArgumentResolver {
    private static final Logger LOG = LoggerFactory.getLogger(CallerArgument.class);

    private final OwnRows rows;

    CallerArgument(OwnRows rows) {
        this.rows = rows;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(CurrentCaller.class);
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binderFactory) {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("@CurrentCaller works in servlet applications only");
        }
        Class<?> wanted = parameter.getParameterType();
        if (wanted == Caller.SignedIn.class) {
            return RequestCaller.signedIn(request);
        }
        if (wanted == Caller.Machine.class) {
            return RequestCaller.machine(request);
        }
        if (wanted == OpenSession.class) {
            return OpenSession.require(request);
        }
        if (wanted == Person.class) {
            OpenSession open = OpenSession.require(request);
            return Person.of(open, account(open, request));
        }
        if (wanted == Optional.class) {
            return RequestCaller.caller(request) instanceof Caller.SignedIn person
                    ? Optional.of(person)
                    : Optional.empty();
        }
        return RequestCaller.caller(request);
    }

    private @Nullable AccountId account(OpenSession open, HttpServletRequest request) {
        try {
            return rows.account(open.caller().user());
        } catch (DataAccessException away) {
            LOG.warn(
                    "STORE_UNAVAILABLE ref={} cause={}",
                    Ref.of(request),
                    away.getClass().getSimpleName());
            throw new Refusal(Problem.noDatabase());
        }
    }
}
