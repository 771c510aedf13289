package io.edgetext.core;

/** What went wrong, as one sentence that can be shown to the person who uses the app. */
public final class EdgeTextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EdgeTextException(String sentence) {
        super(sentence);
    }

    public EdgeTextException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
