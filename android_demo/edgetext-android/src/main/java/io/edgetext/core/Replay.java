package io.edgetext.core;

import java.util.Collections;
import java.util.List;

/** The outcome of replaying the golden examples. */
public final class Replay {
    /** How many were answered alike. */
    public final int passed;
    /** Of how many. */
    public final int total;
    /** One line for each example that was answered otherwise. */
    public final List<String> failures;

    Replay(int total, List<String> failures) {
        this.passed = total - failures.size();
        this.total = total;
        this.failures = Collections.unmodifiableList(failures);
    }

    /**
     * Whether all were answered alike.
     *
     * @return false, too, where there are none
     */
    public boolean isPassed() {
        return total > 0 && failures.isEmpty();
    }
}
