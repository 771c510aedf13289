package io.edgetext.core;

/** One of several labels that a text has. */
public final class Label {
    public final int index;
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
}
