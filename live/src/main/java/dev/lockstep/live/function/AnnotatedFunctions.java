package dev.lockstep.live.function;

import dev.lockstep.identity.Caller;
import dev.lockstep.identity.OrganizationId;
import dev.lockstep.identity.UserId;
import dev.lockstep.live.shape.JavaTypes;
import dev.lockstep.live.shape.RecordShape;
import dev.lockstep.live.shape.Shape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Registers annotated methods. What a method asks for beyond its arguments is given by type. */
final class AnnotatedFunctions {
    private AnnotatedFunctions() {}

    static void addTo(LiveFunctions.Builder builder, @Nullable Object functions, Class<?> annotated) {
        for (Method method : annotated.getDeclaredMethods()) {
            LiveQuery query = method.getAnnotation(LiveQuery.class);
            LiveMutation mutation = method.getAnnotation(LiveMutation.class);
            LiveAction action = method.getAnnotation(LiveAction.class);
            if (query != null) {
                Target target = new Target(functions, method, QueryContext.class);
                builder.query(
                        query.value(),
                        (context, args) -> target.call(context, context::caller, args),
                        target.fields(),
                        target.result,
                        access(query.internal(), query.acrossOrganizations()));
            } else if (mutation != null) {
                Target target = new Target(functions, method, MutationContext.class);
                builder.mutation(
                        mutation.value(),
                        (context, args) -> target.call(context, context::caller, args),
                        target.fields(),
                        target.result,
                        access(mutation.internal(), mutation.acrossOrganizations()));
            } else if (action != null) {
                Target target = new Target(functions, method, ActionContext.class);
                builder.action(
                        action.value(),
                        (context, args) -> target.call(context, context::caller, args),
                        target.fields(),
                        target.result,
                        access(action.internal(), false));
            }
        }
    }

    private static Set<Access> access(boolean internal, boolean acrossOrganizations) {
        Set<Access> access = EnumSet.noneOf(Access.class);
        if (internal) {
            access.add(Access.INTERNAL);
        }
        if (acrossOrganizations) {
            access.add(Access.ACROSS_ORGANIZATIONS);
        }
        return access;
    }

    /** Looks at the caller only when the method asks for it: an answer made without looking is shared by all. */
    private interface Asking {
        Caller caller();
    }

    /** Gives one parameter its value. */
    private interface Given {
        Object value(Object context, Asking asking, Args args);
    }

    private static final class Target {
        private final @Nullable Object functions;
        private final Method method;
        private final List<Given> parameters = new ArrayList<>();
        private final Shape result;
        private @Nullable RecordShape arguments;

        Target(@Nullable Object functions, Method method, Class<?> context) {
            this.functions = functions;
            this.method = method;
            method.setAccessible(true);
            for (Class<?> type : method.getParameterTypes()) {
                parameters.add(given(type, context));
            }
            this.result = method.getReturnType() == void.class
                    ? Shape.nothing()
                    : JavaTypes.shape(method.getAnnotatedReturnType());
        }

        List<Shape.Field> fields() {
            return arguments == null ? List.of() : arguments.fields();
        }

        private Given given(Class<?> type, Class<?> context) {
            if (type.isAssignableFrom(context) && type != Object.class) {
                return (run, asking, args) -> run;
            }
            if (type == Caller.class) {
                return (run, asking, args) -> asking.caller();
            }
            if (type == Caller.SignedIn.class) {
                return (run, asking, args) -> signedIn(asking);
            }
            if (type == UserId.class) {
                return (run, asking, args) -> signedIn(asking).user();
            }
            if (type == OrganizationId.class) {
                return (run, asking, args) -> organization(asking);
            }
            if (type.isRecord() && arguments == null && Shape.of(type) instanceof RecordShape shape) {
                arguments = shape;
                return (run, asking, args) -> Typed.read(shape, type, args);
            }
            throw unusable(
                    "takes a " + type.getSimpleName() + ", which cannot be given; one record holds the arguments");
        }

        private static Caller.SignedIn signedIn(Asking asking) {
            if (asking.caller() instanceof Caller.SignedIn person) {
                return person;
            }
            throw Callers.nobody();
        }

        private static OrganizationId organization(Asking asking) {
            Caller caller = asking.caller();
            return Callers.organization(caller).orElseThrow(() -> Callers.outside(caller));
        }

        @Nullable
        Object call(Object context, Asking asking, Args args) {
            if (functions == null) {
                throw new IllegalStateException("The function is only described here");
            }
            Object[] values = parameters.stream()
                    .map(parameter -> parameter.value(context, asking, args))
                    .toArray();
            try {
                return Typed.written(result, method.invoke(functions, values));
            } catch (InvocationTargetException e) {
                throw switch (e.getCause()) {
                    case RuntimeException unchecked -> unchecked;
                    case Error error -> throw error;
                    case null, default ->
                        new IllegalStateException("The function " + method.getName() + " failed", e.getCause());
                };
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("The function " + method.getName() + " cannot be called", e);
            }
        }

        private LiveProblem unusable(String why) {
            return new LiveProblem(
                    LiveProblem.Code.LIVE_METHOD_UNUSABLE,
                    method.getDeclaringClass().getSimpleName() + "." + method.getName() + " " + why);
        }
    }
}
