package dev.lockstep.live.subscription;

import dev.lockstep.identity.Caller;
import dev.lockstep.store.feed.Change;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answers that are right at the present tick, each made once for everybody who may share it. Belongs to the thread
 * that runs the ticks; not thread-safe.
 */
public final class AnswerTable {
    /** Names an answer: the question, and the caller unless the answer never looked at one. */
    private record Key(Question question, @Nullable Caller caller) {}

    private final Map<Key, Answer> answers = new HashMap<>();
    private final Map<Question, Set<Key>> byQuestion = new HashMap<>();
    private final ReadSetIndex<Key> readers = new ReadSetIndex<>();
    private final Map<Question, Map<Caller, Integer>> followers = new HashMap<>();
    private final int mostIdle;
    /** Answers that nobody asks for at present, the longest idle first. */
    private final Set<Key> idle = new LinkedHashSet<>();

    /** Keeps no answer that nobody asks for. */
    public AnswerTable() {
        this(0);
    }

    /** Keeps so many answers that nobody asks for at present, for pages that come back. */
    public AnswerTable(int mostIdle) {
        this.mostIdle = mostIdle;
    }

    /** One more socket of this caller follows the question. */
    public void follow(Question question, Caller caller) {
        followers.computeIfAbsent(question, q -> new HashMap<>(2)).merge(caller, 1, Integer::sum);
        if (!idle.isEmpty()) {
            idle.remove(new Key(question, caller));
            idle.remove(new Key(question, null));
        }
    }

    /** One socket less; answers that nobody can ask for any more become idle. */
    public void unfollow(Question question, Caller caller) {
        Map<Caller, Integer> callers = followers.get(question);
        if (callers == null) {
            return;
        }
        callers.computeIfPresent(caller, (c, sockets) -> sockets == 1 ? null : sockets - 1);
        if (callers.isEmpty()) {
            followers.remove(question);
            for (Key key : Set.copyOf(byQuestion.getOrDefault(question, Set.of()))) {
                dropHeir(key);
                rest(key);
            }
        } else if (!callers.containsKey(caller)) {
            rest(new Key(question, caller));
        }
    }

    private void rest(Key key) {
        if (answers.containsKey(key)) {
            idle.add(key);
            while (idle.size() > mostIdle) {
                dropKey(idle.iterator().next());
            }
        }
    }

    /** The answer that this caller may have, if it is still right. */
    public Optional<Answer> find(Question question, Caller caller) {
        Answer shared = answers.get(new Key(question, null));
        return Optional.ofNullable(shared != null ? shared : answers.get(new Key(question, caller)));
    }

    /** Keeps a fresh answer, also for the question with the journal that it carries: that one is asked from now on. */
    public void put(Question question, Caller caller, Answer answer) {
        keep(question, caller, answer);
        String journal = answer.outcome().journal();
        if (journal != null && !journal.equals(question.journal())) {
            keep(question.withJournal(journal), caller, answer);
        }
    }

    private void keep(Question question, Caller caller, Answer answer) {
        Key key = new Key(question, answer.callerUsed() ? caller : null);
        answers.put(key, answer);
        byQuestion.computeIfAbsent(question, q -> new HashSet<>()).add(key);
        readers.put(key, answer.readSet());
    }

    /** Drops the answers that these changes make stale and returns their questions. */
    public Set<Question> drop(Collection<Change> changes) {
        Set<Question> stale = new HashSet<>();
        for (Key key : readers.invalidated(changes)) {
            stale.add(key.question());
            dropKey(key);
        }
        return stale;
    }

    /** Drops everything: changes may have been missed. */
    public void clear() {
        Set.copyOf(answers.keySet()).forEach(this::dropKey);
    }

    /** How many answers are kept. */
    public int size() {
        return answers.size();
    }

    /** Drops the answer under its journal too, unless somebody follows it there. */
    private void dropHeir(Key key) {
        Answer answer = answers.get(key);
        String journal = answer == null ? null : answer.outcome().journal();
        Question heir = key.question().withJournal(journal);
        if (journal != null && !followers.containsKey(heir)) {
            Set.copyOf(byQuestion.getOrDefault(heir, Set.of())).forEach(this::dropKey);
        }
    }

    private void dropKey(Key key) {
        idle.remove(key);
        if (answers.remove(key) == null) {
            return;
        }
        readers.remove(key);
        Set<Key> keys = byQuestion.get(key.question());
        if (keys != null) {
            keys.remove(key);
            if (keys.isEmpty()) {
                byQuestion.remove(key.question());
            }
        }
    }
}
