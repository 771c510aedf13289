package io.edgetext.core;

import java.util.Arrays;
import java.util.List;

/** One of several labels that a text has, equal to another of the same values. */
public final class Label {
    /** Its place in {@link Metadata#intents()}. */
    public final int index;
    /** Its name. */
    public final String name;
    /** The probability that the text has it, from {@link #CHOSEN} to 1. */
    public final float score;

    /** A text has the labels of this score or more: the threshold is in the model. */
    static final float CHOSEN = 0.5f;

    Label(int index, String name, float score) {
        this.index = index;
        this.name = name;
        this.score = score;
    }

    private List<Object> values() {
        return Arrays.<Object>asList(index, name, score);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Label && values().equals(((Label) other).values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "Label" + values();
    }
}
