package io.edgetext.core;

import java.util.Arrays;

/**
 * A String as UTF-8 bytes, and the way back from byte offsets to String offsets.
 *
 * <p>A String counts UTF-16 units: one for most characters, two for those beyond U+FFFF, such as
 * emoji. A lone surrogate has no UTF-8 form and is sent as U+FFFD (3 bytes), so that every offset
 * still has its place; String.getBytes would write one "?" byte.
 */
public final class EncodedText {
    private static final int REPLACEMENT = 0xFFFD;

    private final String text;
    private final byte[] bytes;
    /** For every byte and for the end: the String offset of its character's begin. */
    private final int[] begins;

    /**
     * Encode a text.
     *
     * @param text any String
     */
    public EncodedText(String text) {
        this.text = text;
        int length = text.length();
        byte[] buffer = new byte[3 * length];
        int[] origin = new int[3 * length + 1];
        int size = 0;
        int index = 0;
        while (index < length) {
            int point = text.codePointAt(index);
            int units = Character.charCount(point);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                point = REPLACEMENT;
            }
            int end = write(point, buffer, size);
            Arrays.fill(origin, size, end, index);
            size = end;
            index += units;
        }
        origin[size] = length;
        bytes = Arrays.copyOf(buffer, size);
        begins = Arrays.copyOf(origin, size + 1);
    }

    private static int write(int point, byte[] to, int at) {
        if (point < 0x80) {
            to[at] = (byte) point;
            return at + 1;
        }
        if (point < 0x800) {
            to[at] = (byte) (0xC0 | point >> 6);
            return tail(point, to, at + 1, 1);
        }
        if (point < 0x10000) {
            to[at] = (byte) (0xE0 | point >> 12);
            return tail(point, to, at + 1, 2);
        }
        to[at] = (byte) (0xF0 | point >> 18);
        return tail(point, to, at + 1, 3);
    }

    private static int tail(int point, byte[] to, int at, int count) {
        for (int left = count - 1; left >= 0; left--) {
            to[at++] = (byte) (0x80 | point >> 6 * left & 0x3F);
        }
        return at;
    }

    /**
     * The text as it was given.
     *
     * @return the very String
     */
    public String text() {
        return text;
    }

    /**
     * The length of the whole text.
     *
     * @return bytes
     */
    public int size() {
        return bytes.length;
    }

    /**
     * What a model is given: the text's first {@code limit} bytes, or one space for an empty text.
     * The model cuts at a character by itself and tells so.
     *
     * @param limit how many bytes at most
     * @return a copy
     */
    public byte[] input(int limit) {
        if (bytes.length == 0) {
            return new byte[] {' '};
        }
        return Arrays.copyOf(bytes, Math.min(bytes.length, limit));
    }

    /**
     * The String offset of the character that a byte belongs to.
     *
     * @param offset of the byte, 0 to {@link #size()}
     * @return UTF-16 units before the character
     */
    public int start(int offset) {
        check(offset);
        return begins[offset];
    }

    /**
     * The String offset behind the last character of the bytes before {@code offset}.
     *
     * @param offset of the byte, 0 to {@link #size()}
     * @return UTF-16 units before it
     */
    public int end(int offset) {
        check(offset);
        int end = offset;
        while (end < bytes.length && (bytes[end] & 0xC0) == 0x80) {
            end++;
        }
        return begins[end];
    }

    /**
     * Refuse a range that is not in the text.
     *
     * @param start the first byte
     * @param end the byte behind the last
     * @throws EdgeTextException when not 0 ≤ start ≤ end ≤ size
     */
    public void checkRange(int start, int end) {
        if (start < 0 || start > end || end > bytes.length) {
            throw new EdgeTextException(
                    "The model answered with bytes " + start + " to " + end + ", but the text has "
                            + bytes.length + "; export it again.");
        }
    }

    private void check(int offset) {
        if (offset < 0 || offset > bytes.length) {
            throw new EdgeTextException(
                    "Byte " + offset + " is not in a text of " + bytes.length + " bytes.");
        }
    }
}
