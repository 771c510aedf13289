package io.edgetext.core;

/** One slot: a label over a part of the text. Ends are exclusive. */
public final class Span {
    public final int labelIndex;
    public final String label;
    /** Offsets in the UTF-8 bytes. */
    public final int startByte;
    public final int endByte;
    /** Offsets in the String, for substring and Spannable. */
    public final int start;
    public final int end;

    Span(int labelIndex, String label, int startByte, int endByte, int start, int end) {
        this.labelIndex = labelIndex;
        this.label = label;
        this.startByte = startByte;
        this.endByte = endByte;
        this.start = start;
        this.end = end;
    }
}
