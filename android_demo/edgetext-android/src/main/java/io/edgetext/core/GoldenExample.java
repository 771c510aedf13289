package io.edgetext.core;

import java.util.ArrayList;
import java.util.List;

/** A real text and the answer that the exporter saw. */
public final class GoldenExample {
    /** How far a score may be off: engines and CPUs add up in another order. */
    static final double TOLERANCE = 0.05;

    public final String text;
    /** -1 in a model without intents, whose score says nothing. */
    final int intent;
    final double score;
    /** Rows of label, start byte, end byte. */
    final int[][] spans;
    final boolean truncated;

    private GoldenExample(Object fields, boolean hasIntents) {
        text = Fields.get(fields, "text", String.class);
        intent = hasIntents ? Fields.integer(fields, "intent") : -1;
        score = Fields.get(fields, "score", Number.class).doubleValue();
        truncated = Fields.get(fields, "truncated", Boolean.class);
        List<?> rows = Fields.get(fields, "spans", List.class);
        spans = new int[rows.size()][];
        for (int i = 0; i < spans.length; i++) {
            spans[i] = row(rows.get(i));
        }
    }

    private static int[] row(Object item) {
        int[] row = new int[3];
        if (!(item instanceof List) || ((List<?>) item).size() != row.length) {
            throw damaged();
        }
        for (int i = 0; i < row.length; i++) {
            Object number = ((List<?>) item).get(i);
            if (!(number instanceof Long)) {
                throw damaged();
            }
            row[i] = ((Long) number).intValue();
        }
        return row;
    }

    private static EdgeTextException damaged() {
        return new EdgeTextException(
                "A golden example's span is not three numbers; export the model again.");
    }

    /**
     * Read an artifact's golden examples.
     *
     * @throws EdgeTextException when they are damaged
     */
    static List<GoldenExample> read(byte[] json, Metadata metadata) {
        Object list = Fields.parse(json, "list of golden examples");
        if (!(list instanceof List)) {
            throw new EdgeTextException(
                    "The model's golden examples are not a list; export it again.");
        }
        List<GoldenExample> examples = new ArrayList<GoldenExample>();
        for (Object item : (List<?>) list) {
            examples.add(new GoldenExample(item, metadata.hasIntents()));
        }
        return examples;
    }

    /** What differs, for people; null when the answer is the expected one. */
    String difference(Prediction got) {
        if (got.intentIndex != intent) {
            return "intent " + got.intentIndex + ", expected " + intent;
        }
        if (!(Math.abs(got.score - score) <= TOLERANCE)) {
            return "score " + got.score + ", expected " + score;
        }
        if (got.truncated != truncated) {
            return "truncated " + got.truncated + ", expected " + truncated;
        }
        if (got.spans.size() != spans.length) {
            return got.spans.size() + " spans, expected " + spans.length;
        }
        for (int i = 0; i < spans.length; i++) {
            Span span = got.spans.get(i);
            if (span.labelIndex != spans[i][0] || span.startByte != spans[i][1]
                    || span.endByte != spans[i][2]) {
                return "span " + span.labelIndex + " at " + span.startByte + "-" + span.endByte
                        + ", expected " + spans[i][0] + " at " + spans[i][1] + "-" + spans[i][2];
            }
        }
        return null;
    }
}
