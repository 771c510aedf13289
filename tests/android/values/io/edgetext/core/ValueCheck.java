package io.edgetext.core;

import java.util.Collections;
import java.util.HashSet;

/** Prints whether spans and labels are values: equal, of one hash, and told by their fields. */
public final class ValueCheck {
    private ValueCheck() {}

    public static void main(String[] arguments) {
        Span span = new Span(1, "city", 2, 5, 2, 4);
        System.out.println(span);
        System.out.println(span.equals(new Span(1, "city", 2, 5, 2, 4)));
        System.out.println(span.equals(new Span(1, "city", 2, 5, 2, 5)) || span.equals(null));
        System.out.println(
                new HashSet<Object>(Collections.singleton(new Label(0, "trip", 0.5f)))
                        .contains(new Label(0, "trip", 0.5f)));
        System.out.println(new Label(0, "trip", 0.5f).equals(new Label(0, "trip", 0.75f)));
    }
}
