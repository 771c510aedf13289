package io.edgetext.core;

import java.util.Arrays;
import java.util.List;

/** One slot: a label over a part of the text, equal to another of the same values. Ends are exclusive. */
public final class Span {
    /** The label's place in {@link Metadata#slots()}. */
    public final int labelIndex;
    /** Its name. */
    public final String label;
    /** The first byte in the text's UTF-8. */
    public final int startByte;
    /** The byte behind the last. */
    public final int endByte;
    /** The offset in the String, for substring and Spannable. */
    public final int start;
    /** The offset behind its end. */
    public final int end;

    Span(int labelIndex, String label, int startByte, int endByte, int start, int end) {
        this.labelIndex = labelIndex;
        this.label = label;
        this.startByte = startByte;
        this.endByte = endByte;
        this.start = start;
        this.end = end;
    }

    private List<Object> values() {
        return Arrays.<Object>asList(labelIndex, label, startByte, endByte, start, end);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Span && values().equals(((Span) other).values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "Span" + values();
    }
}
