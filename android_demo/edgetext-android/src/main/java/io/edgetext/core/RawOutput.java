package io.edgetext.core;

/**
 * A model's answer as its tensors hold it: scores float32[C], spans int32[3 * S], truncated.
 *
 * <p>Spans come flat, since a text without any leaves their shape open: a runtime may give [1, 0, 3],
 * [0, 3] or [0, 0].
 */
public final class RawOutput {
    final float[] scores;
    final int[] spans;
    final boolean truncated;
    final Boolean inScope;

    /**
     * Take a model's tensors.
     *
     * @param scores of each label, none in a model without
     * @param spans label, start and end byte in turn
     * @param truncated whether the model did not see the text's end
     */
    public RawOutput(float[] scores, int[] spans, boolean truncated) {
        this(scores, spans, truncated, null);
    }

    /**
     * Take a model's tensors.
     *
     * @param scores of each label, none in a model without
     * @param spans label, start and end byte in turn
     * @param truncated whether the model did not see the text's end
     * @param inScope whether the text is about something that the labels say; null in a model that
     *     does not tell
     */
    public RawOutput(float[] scores, int[] spans, boolean truncated, Boolean inScope) {
        this.scores = scores;
        this.spans = spans;
        this.truncated = truncated;
        this.inScope = inScope;
    }
}
