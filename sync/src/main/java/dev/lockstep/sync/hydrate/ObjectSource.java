package dev.lockstep.sync.hydrate;

import dev.lockstep.workos.object.ObjectKind;
import dev.lockstep.workos.object.ObjectsApi.Found;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where objects are fetched from: as a rule WorkOS itself. Implementations block and keep to the rate budget. */
@FunctionalInterface
public interface ObjectSource {

    /**
     * Asks for one object.
     *
     * @param organization the one it belongs to, where that is known
     * @throws dev.lockstep.workos.WorkOsException when there is no usable answer
     */
    Found get(ObjectKind kind, List<String> key, @Nullable String organization);
}
