package io.edgetext.core;

/** What went wrong, as one sentence that can be shown to the person who uses the app. */
public final class EdgeTextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Make one.
     *
     * @param sentence what went wrong and how it is mended
     */
    public EdgeTextException(String sentence) {
        super(sentence);
    }

    /**
     * Make one of what was thrown below.
     *
     * @param sentence what went wrong and how it is mended
     * @param cause what was thrown
     */
    public EdgeTextException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
