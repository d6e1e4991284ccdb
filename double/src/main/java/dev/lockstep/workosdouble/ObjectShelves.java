package dev.lockstep.workosdouble;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The objects of every {@link Kind} with their indexes: by id, by alias, by owner. Guarded by the world's lock. */
final class ObjectShelves {
    private final Map<Kind, Room> rooms = new EnumMap<>(Kind.class);

    ObjectShelves() {
        for (Kind kind : Kind.values()) {
            rooms.put(kind, new Room());
        }
    }

    private static final class Room {
        final Shelf<String, ObjectRecord> shelf = new Shelf<>(ObjectRecord::id, Function.identity());
        final Shelf.Index<String, String> byOwner = shelf.indexed();
        final Map<String, String> byAlias = new HashMap<>();
    }

    void clear() {
        rooms.replaceAll((kind, room) -> new Room());
    }

    void put(ObjectRecord object) {
        Room room = room(object.kind());
        ObjectRecord old = room.shelf.put(object);
        if (old != null) {
            forget(room, old);
        }
        object.owners().forEach(owner -> room.byOwner.add(owner, object.id()));
        if (object.alias() != null) {
            room.byAlias.put(object.alias(), object.id());
        }
    }

    void remove(Kind kind, String id) {
        Room room = room(kind);
        ObjectRecord old = room.shelf.remove(id);
        if (old != null) {
            forget(room, old);
        }
    }

    private static void forget(Room room, ObjectRecord old) {
        old.owners().forEach(owner -> room.byOwner.drop(owner, old.id()));
        if (old.alias() != null) {
            room.byAlias.remove(old.alias(), old.id());
        }
    }

    @Nullable
    ObjectRecord find(Kind kind, String id) {
        return room(kind).shelf.find(id);
    }

    /** The object, or the refusal of production. */
    ObjectRecord get(Kind kind, String id) {
        ObjectRecord found = find(kind, id);
        if (found == null) {
            throw ApiRefusal.notFound(entity(kind), id);
        }
        return found;
    }

    Optional<ObjectRecord> byAlias(Kind kind, String alias) {
        Room room = room(kind);
        return Optional.ofNullable(room.byAlias.get(alias)).map(room.shelf::find);
    }

    /** The object, or the refusal of production, which names only what the caller wrote. */
    ObjectRecord getByAlias(Kind kind, String alias, String shown) {
        return byAlias(kind, alias).orElseThrow(() -> ApiRefusal.notFound(entity(kind), shown));
    }

    ObjectNode document(Kind kind, String id) {
        return Json.objectOf(get(kind, id).json());
    }

    NavigableSet<String> ids(Kind kind) {
        return room(kind).shelf.ids();
    }

    NavigableSet<String> owned(Kind kind, String owner) {
        return room(kind).byOwner.of(owner);
    }

    /** A copy, so that the owned ones can be taken away while walking. */
    List<ObjectRecord> ownedRecords(Kind kind, String owner) {
        return owned(kind, owner).stream().map(id -> get(kind, id)).toList();
    }

    Collection<ObjectRecord> all(Kind kind) {
        return room(kind).shelf.all();
    }

    private Room room(Kind kind) {
        Room room = rooms.get(kind);
        if (room == null) {
            throw new IllegalStateException("there is a room for every kind");
        }
        return room;
    }

    /** {@code directory_user} as {@code DirectoryUser}. */
    private static String entity(Kind kind) {
        StringBuilder name = new StringBuilder();
        for (String word : kind.objectName().split("_", -1)) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
        }
        return name.toString();
    }
}
