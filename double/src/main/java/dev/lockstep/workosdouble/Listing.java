package dev.lockstep.workosdouble;

import java.util.NavigableSet;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers a list endpoint of objects that are kept as documents. */
final class Listing {
    private final World world;

    Listing(World world) {
        this.world = world;
    }

    /** Shows one object as the API does. */
    interface Shown {
        ObjectNode of(Tables tables, ObjectRecord object);
    }

    /** Every object that the scope names. */
    Response page(Request request, Kind kind, Function<Tables, NavigableSet<String>> scope, Shown shown) {
        return page(request, kind, scope, object -> true, shown);
    }

    /** Those of the scope that the filter keeps; the cost is that of the walk to a full page. */
    Response page(
            Request request,
            Kind kind,
            Function<Tables, NavigableSet<String>> scope,
            Predicate<ObjectRecord> keep,
            Shown shown) {
        Paging.Ask ask = Paging.Ask.of(request);
        return Response.ok(world.read(tables -> {
            Paging.Page<String> page = Paging.cut(
                    scope.apply(tables),
                    ask,
                    Function.identity(),
                    Function.identity(),
                    id -> keep.test(tables.objects.get(kind, id)));
            return Wire.list(page, id -> shown.of(tables, tables.objects.get(kind, id)));
        }));
    }

    /** A list without pages, as production answers for roles. */
    Response whole(Function<Tables, Iterable<ObjectNode>> documents) {
        return Response.ok(world.read(tables -> {
            ObjectNode answer = Json.object().put("object", "list");
            ArrayNode data = answer.putArray("data");
            documents.apply(tables).forEach(data::add);
            return answer;
        }));
    }

    static ObjectNode document(Tables tables, ObjectRecord object) {
        return Json.objectOf(object.json());
    }
}
