package dev.lockstep.workosdouble;

import java.util.NavigableSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code /directories}, {@code /directory_users} and {@code /directory_groups}: read and delete, as the public API has it. */
final class DirectoryRoutes {
    private final World world;
    private final Directories directories;
    private final Listing listing;

    DirectoryRoutes(World world, Directories directories) {
        this.world = world;
        this.directories = directories;
        this.listing = new Listing(world);
    }

    void addTo(Routes routes) {
        routes.key("GET", "/directories", this::list)
                .key("GET", "/directories/{id}", this::show)
                .key("DELETE", "/directories/{id}", this::delete)
                .key("GET", "/directory_users", this::listUsers)
                .key("GET", "/directory_users/{id}", this::showUser)
                .key("GET", "/directory_groups", this::listGroups)
                .key("GET", "/directory_groups/{id}", this::showGroup);
    }

    private Response list(Request request) {
        String organization = request.query("organization_id");
        String search = request.query("search");
        return listing.page(
                request,
                Kind.DIRECTORY,
                tables -> organization == null
                        ? tables.objects.ids(Kind.DIRECTORY)
                        : tables.objects.owned(Kind.DIRECTORY, organization),
                directory -> search == null
                        || Json.objectOf(directory.json())
                                .get("name")
                                .asString()
                                .contains(search),
                Directories::shown);
    }

    private Response show(Request request) {
        String id = request.variable("id");
        return Response.ok(world.read(tables -> Directories.shown(tables, tables.objects.get(Kind.DIRECTORY, id))));
    }

    private Response delete(Request request) {
        directories.delete(new DoubleId.Directory(request.variable("id")));
        return Response.nothing(202);
    }

    private Response listUsers(Request request) {
        String directory = request.query("directory");
        String group = request.query("group");
        if (group == null) {
            return listing.page(
                    request, Kind.DIRECTORY_USER, scope(Kind.DIRECTORY_USER, directory), DirectoryUsers::shown);
        }
        return paired(
                request,
                tables -> {
                    tables.objects.get(Kind.DIRECTORY_GROUP, group);
                    return tables.objects.owned(Kind.DIRECTORY_GROUP_MEMBER, group);
                },
                user -> DirectoryGroups.pair(group, user),
                pair -> pair.substring(pair.indexOf('/') + 1),
                Kind.DIRECTORY_USER,
                DirectoryUsers::shown);
    }

    private Response listGroups(Request request) {
        String directory = request.query("directory");
        String user = request.query("user");
        if (user == null) {
            return listing.page(
                    request, Kind.DIRECTORY_GROUP, scope(Kind.DIRECTORY_GROUP, directory), Listing::document);
        }
        return paired(
                request,
                tables -> {
                    tables.objects.get(Kind.DIRECTORY_USER, user);
                    return tables.objects.owned(Kind.DIRECTORY_GROUP_MEMBER, user);
                },
                group -> DirectoryGroups.pair(group, user),
                pair -> pair.substring(0, pair.indexOf('/')),
                Kind.DIRECTORY_GROUP,
                Listing::document);
    }

    /** Pages of one side of the pairs; the cursors are ids of that side. */
    private Response paired(
            Request request,
            Function<Tables, NavigableSet<String>> scope,
            Function<String, String> pairOf,
            Function<String, String> sideOf,
            Kind kind,
            Listing.Shown shown) {
        Paging.Ask ask = Paging.Ask.of(request);
        return Response.ok(world.read(tables -> {
            Paging.Page<String> page = Paging.cut(scope.apply(tables), ask, pairOf, sideOf, pair -> true);
            return Wire.list(page, pair -> shown.of(tables, tables.objects.get(kind, sideOf.apply(pair))));
        }));
    }

    private static Function<Tables, NavigableSet<String>> scope(Kind kind, @Nullable String directory) {
        if (directory == null) {
            throw ApiRefusal.invalid("directory", "directory_or_its_counterpart_required");
        }
        return tables -> {
            tables.objects.get(Kind.DIRECTORY, directory);
            return tables.objects.owned(kind, directory);
        };
    }

    private Response showUser(Request request) {
        String id = request.variable("id");
        return Response.ok(
                world.read(tables -> DirectoryUsers.shown(tables, tables.objects.get(Kind.DIRECTORY_USER, id))));
    }

    private Response showGroup(Request request) {
        String id = request.variable("id");
        return Response.ok(world.read(tables -> tables.objects.document(Kind.DIRECTORY_GROUP, id)));
    }
}
