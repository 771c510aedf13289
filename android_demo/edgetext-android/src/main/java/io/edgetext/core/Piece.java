package io.edgetext.core;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A label over a part of a text, between the characters of a String; ends are exclusive. */
final class Piece {
    final String label;
    final int start;
    final int end;

    Piece(String label, int start, int end) {
        this.label = label;
        this.start = start;
        this.end = end;
    }

    Piece at(int newStart, int newEnd) {
        return new Piece(label, newStart, newEnd);
    }

    String in(String text) {
        return text.substring(start, end);
    }

    boolean touches(Piece other) {
        return start < other.end && other.start < end;
    }

    boolean isIn(Piece other) {
        return other.start <= start && end <= other.end;
    }

    /** Where a pattern that matches from a place on ends, -1 where it does not. */
    static int endOf(Pattern pattern, String text, int from) {
        Matcher matcher = pattern.matcher(text).region(from, text.length());
        matcher.useTransparentBounds(true).useAnchoringBounds(false);
        return matcher.lookingAt() ? matcher.end() : -1;
    }

    /** Where a pattern is first found in words, -1 where it is not. */
    static int startOf(Pattern pattern, String words) {
        Matcher matcher = pattern.matcher(words);
        return matcher.find() ? matcher.start() : -1;
    }
}
