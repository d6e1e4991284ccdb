package dev.lockstep.sync.hydrate;

import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.ObjectsApi;
import dev.lockstep.workos.object.ObjectsApi.Found;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects asked of WorkOS itself. Thread-safe. */
public final class WorkOsObjectSource implements ObjectSource {
    private final ObjectsApi objects;

    /** The api should carry the urgency of hydration. */
    public WorkOsObjectSource(ObjectsApi objects) {
        this.objects = objects;
    }

    @Override
    public Found get(ObjectKind kind, List<String> key, @Nullable String organization) {
        return objects.get(kind, key, organization);
    }
}
