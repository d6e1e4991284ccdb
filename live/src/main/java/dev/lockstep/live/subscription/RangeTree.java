package dev.lockstep.live.subscription;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ranges that hold a key, in logarithmic time plus what is found: a search tree over the lower ends that knows
 * the highest upper end below each of its nodes, kept flat by random priorities. Equal ranges share a node. Not
 * thread-safe.
 *
 * @param <K> names whoever reads a range
 */
final class RangeTree<K> {
    private final SplittableRandom random = new SplittableRandom(20261121);
    private @Nullable Node<K> root;

    private static final class Node<K> {
        final Cut low;
        final Cut high;
        final int priority;
        final Set<K> readers = new HashSet<>(2);

        @Nullable
        Node<K> left;

        @Nullable
        Node<K> right;

        Cut highest;

        Node(Cut low, Cut high, int priority) {
            this.low = low;
            this.high = high;
            this.priority = priority;
            this.highest = high;
        }

        int compare(Cut otherLow, Cut otherHigh) {
            int order = low.compareTo(otherLow);
            return order != 0 ? order : high.compareTo(otherHigh);
        }

        Node<K> refreshed() {
            highest = higher(higher(high, left), right);
            return this;
        }

        private static <K> Cut higher(Cut one, @Nullable Node<K> other) {
            return other == null || one.compareTo(other.highest) >= 0 ? one : other.highest;
        }
    }

    boolean isEmpty() {
        return root == null;
    }

    void add(Cut low, Cut high, K reader) {
        if (low.compareTo(high) < 0) {
            root = add(root, low, high, reader);
        }
    }

    private Node<K> add(@Nullable Node<K> node, Cut low, Cut high, K reader) {
        if (node == null) {
            Node<K> fresh = new Node<>(low, high, random.nextInt());
            fresh.readers.add(reader);
            return fresh;
        }
        int order = node.compare(low, high);
        if (order == 0) {
            node.readers.add(reader);
            return node;
        }
        if (order > 0) {
            Node<K> left = add(node.left, low, high, reader);
            node.left = left;
            return left.priority > node.priority ? turnedRight(node, left) : node.refreshed();
        }
        Node<K> right = add(node.right, low, high, reader);
        node.right = right;
        return right.priority > node.priority ? turnedLeft(node, right) : node.refreshed();
    }

    void remove(Cut low, Cut high, K reader) {
        root = remove(root, low, high, reader);
    }

    private @Nullable Node<K> remove(@Nullable Node<K> node, Cut low, Cut high, K reader) {
        if (node == null) {
            return null;
        }
        int order = node.compare(low, high);
        if (order > 0) {
            node.left = remove(node.left, low, high, reader);
        } else if (order < 0) {
            node.right = remove(node.right, low, high, reader);
        } else {
            node.readers.remove(reader);
            if (node.readers.isEmpty()) {
                return joined(node.left, node.right);
            }
        }
        return node.refreshed();
    }

    /** Everything on the left lies before everything on the right. */
    private @Nullable Node<K> joined(@Nullable Node<K> left, @Nullable Node<K> right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        if (left.priority > right.priority) {
            left.right = joined(left.right, right);
            return left.refreshed();
        }
        right.left = joined(left, right.left);
        return right.refreshed();
    }

    private static <K> Node<K> turnedRight(Node<K> node, Node<K> left) {
        node.left = left.right;
        left.right = node.refreshed();
        return left.refreshed();
    }

    private static <K> Node<K> turnedLeft(Node<K> node, Node<K> right) {
        node.right = right.left;
        right.left = node.refreshed();
        return right.refreshed();
    }

    /** Adds everybody whose range holds the key. */
    void collect(List<ColumnType.Value> key, Set<K> found) {
        collect(root, key, found);
    }

    private void collect(@Nullable Node<K> node, List<ColumnType.Value> key, Set<K> found) {
        if (node == null || node.highest.compareToKey(key) < 0) {
            return;
        }
        collect(node.left, key, found);
        if (node.low.compareToKey(key) < 0) {
            if (node.high.compareToKey(key) > 0) {
                found.addAll(node.readers);
            }
            collect(node.right, key, found);
        }
    }

    /** Adds everybody. */
    void collectAll(Set<K> found) {
        collectAll(root, found);
    }

    private void collectAll(@Nullable Node<K> node, Set<K> found) {
        if (node != null) {
            found.addAll(node.readers);
            collectAll(node.left, found);
            collectAll(node.right, found);
        }
    }
}
