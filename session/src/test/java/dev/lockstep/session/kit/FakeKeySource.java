package dev.lockstep.session.kit;

import dev.lockstep.session.token.SigningKeySource;
import java.util.concurrent.atomic.AtomicInteger;

/** A key source that counts its calls and can be switched off. */
public final class FakeKeySource implements SigningKeySource {
    private final AtomicInteger calls = new AtomicInteger();
    private volatile String document;
    private volatile boolean down;
    private volatile Runnable onFetch = () -> {};

    public FakeKeySource(String document) {
        this.document = document;
    }

    @Override
    public String fetch() throws Unreachable {
        calls.incrementAndGet();
        onFetch.run();
        if (down) {
            throw new Unreachable("the key server answered 503", null);
        }
        return document;
    }

    public int calls() {
        return calls.get();
    }

    public void publish(String newDocument) {
        document = newDocument;
    }

    public void goDown() {
        down = true;
    }

    public void comeBack() {
        down = false;
    }

    public void onFetch(Runnable action) {
        onFetch = action;
    }
}
