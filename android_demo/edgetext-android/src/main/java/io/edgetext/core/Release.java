package io.edgetext.core;

/** A runtime's release, compared as numbers: "1.9.0" is before "1.24.1". */
final class Release {
    private final String text;
    private int at;

    private Release(String text) {
        this.text = text;
    }

    /** Whether the text begins as a release does. */
    static boolean isRelease(String text) {
        return !text.isEmpty() && isDigit(text.charAt(0));
    }

    /**
     * Whether {@code here} is older than {@code needed}. Only the leading numbers count, so that
     * "1.31.0-dev.2026" and "1.31.0+cpu" are 1.31.0; missing ones are 0.
     */
    static boolean isOlder(String here, String needed) {
        Release left = new Release(here);
        Release right = new Release(needed);
        while (left.more() || right.more()) {
            long difference = left.next() - right.next();
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private boolean more() {
        return at < text.length() && isDigit(text.charAt(at));
    }

    /** The next number; behind it only a dot and another number go on. */
    private long next() {
        long number = 0;
        for (; more(); at++) {
            number = 10 * number + text.charAt(at) - '0';
        }
        at = at < text.length() && text.charAt(at) == '.' ? at + 1 : text.length();
        return number;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
