package io.edgetext.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** A model's answer in words. */
public final class Prediction {
    /** The text as it was given, in which spans stand. */
    public final String text;
    /** -1 in a model without intents. */
    public final int intentIndex;
    /** Null in a model without intents. */
    public final String intent;
    /**
     * The probability of the intent, 0 to 1; in a model of several labels how sure the least sure
     * decision is, 0.5 to 1; else 1.
     */
    public final float score;
    /** The labels of the text, the likeliest first; null in a model of at most one. */
    public final List<Label> labels;
    /** The slots in the order of the text; none in a model without them. */
    public final List<Span> spans;
    /**
     * Whether the text is about something that the labels say; null in a model that does not tell.
     */
    public final Boolean inScope;
    /** Whether the text was longer than the model reads, so that its end was not seen. */
    public final boolean truncated;
    /** How many bytes the model reads. */
    public final int maxBytes;
    /** From String to spans, in nanoseconds. */
    public final long nanos;

    /** The model's slots, those of this answer and others. */
    final List<String> slots;
    private final float[] scores;

    private Prediction(
            String text, int intentIndex, RawOutput raw, List<Span> spans, Metadata metadata,
            long nanos) {
        this.text = text;
        this.intentIndex = intentIndex;
        this.intent = intentIndex < 0 ? null : metadata.intents().get(intentIndex);
        this.labels = metadata.hasLabels() ? chosen(raw.scores, metadata) : null;
        this.score = intentIndex >= 0 ? raw.scores[intentIndex] : labels != null ? surety(raw) : 1;
        this.scores = raw.scores;
        this.spans = Collections.unmodifiableList(spans);
        this.inScope = raw.inScope;
        this.slots = metadata.slots();
        this.truncated = raw.truncated;
        this.maxBytes = metadata.maxBytes();
        this.nanos = nanos;
    }

    private static List<Label> chosen(float[] scores, Metadata metadata) {
        List<Label> labels = new ArrayList<Label>();
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] >= Label.CHOSEN) {
                labels.add(new Label(i, metadata.intents().get(i), scores[i]));
            }
        }
        Collections.sort(labels, new Comparator<Label>() {
            @Override
            public int compare(Label one, Label other) {
                return Float.compare(other.score, one.score);
            }
        });
        return Collections.unmodifiableList(labels);
    }

    private static float surety(RawOutput raw) {
        float least = 1;
        for (float score : raw.scores) {
            least = Math.min(least, Math.max(score, 1 - score));
        }
        return least;
    }

    /**
     * The probabilities of all intents or labels, in the order of {@link Metadata#intents()}.
     *
     * @return a copy
     */
    public float[] scores() {
        return scores.clone();
    }

    /**
     * Put names to a model's numbers and String offsets to its bytes.
     *
     * @throws EdgeTextException when the numbers do not fit the labels or the text
     */
    static Prediction decode(RawOutput raw, Metadata metadata, EncodedText text, long begun) {
        int count = metadata.intents().size();
        if (raw.scores.length != count) {
            throw new EdgeTextException(
                    "The model gave " + raw.scores.length + " scores for " + count
                            + " labels; export it again.");
        }
        if (raw.spans.length % 3 != 0) {
            throw new EdgeTextException(
                    "The model gave " + raw.spans.length
                            + " numbers for spans of three each; export it again.");
        }
        int best = metadata.hasIntents() ? 0 : -1;
        for (int i = 1; best >= 0 && i < count; i++) {
            if (raw.scores[i] > raw.scores[best]) {
                best = i;
            }
        }
        List<Span> spans = new ArrayList<Span>(raw.spans.length / 3);
        for (int row = 0; row < raw.spans.length; row += 3) {
            int label = raw.spans[row];
            int start = raw.spans[row + 1];
            int end = raw.spans[row + 2];
            if (label < 0 || label >= metadata.slots().size()) {
                throw new EdgeTextException(
                        "The model answered with slot " + label + " of "
                                + metadata.slots().size() + "; export it again.");
            }
            text.checkRange(start, end);
            spans.add(
                    new Span(label, metadata.slots().get(label), start, end, text.start(start),
                            text.end(end)));
        }
        return new Prediction(
                text.text(), best, raw, spans, metadata, System.nanoTime() - begun);
    }
}
