package io.edgetext.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A real text and the answer that the exporter saw. */
public final class GoldenExample {
    /** How far a score may be off: engines and CPUs add up in another order. */
    static final double TOLERANCE = 0.05;

    /** The text that is asked. */
    public final String text;
    /** -1 in a model without intents, whose score says nothing. */
    final int intent;
    final double score;
    /** Rows of label, start byte, end byte. */
    final int[][] spans;
    final boolean truncated;
    /** Null where the file does not tell. */
    final Boolean inScope;
    /** Label to probability; null in a model of at most one label a text. */
    final Map<Integer, Double> labels;

    private GoldenExample(Object fields, Metadata metadata) {
        text = Fields.get(fields, "text", String.class);
        intent = metadata.hasIntents() ? Fields.integer(fields, "intent") : -1;
        score = Fields.get(fields, "score", Number.class).doubleValue();
        truncated = Fields.get(fields, "truncated", Boolean.class);
        inScope = metadata.hasInScope() ? Fields.get(fields, "in_scope", Boolean.class) : null;
        labels = metadata.hasLabels() ? labels(fields) : null;
        List<?> rows = metadata.hasLabels()
                ? new ArrayList<Object>()
                : Fields.get(fields, "spans", List.class);
        spans = new int[rows.size()][];
        for (int i = 0; i < spans.length; i++) {
            spans[i] = row(rows.get(i));
        }
    }

    private static Map<Integer, Double> labels(Object fields) {
        Map<Integer, Double> labels = new TreeMap<Integer, Double>();
        for (Object row : Fields.get(fields, "labels", List.class)) {
            List<?> pair = row instanceof List ? (List<?>) row : Collections.emptyList();
            if (pair.size() != 2 || !(pair.get(0) instanceof Long)
                    || !(pair.get(1) instanceof Number)) {
                throw new EdgeTextException(
                        "A golden example's label is not a number and its score; export the model "
                                + "again.");
            }
            labels.put(((Long) pair.get(0)).intValue(), ((Number) pair.get(1)).doubleValue());
        }
        return labels;
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
            examples.add(new GoldenExample(item, metadata));
        }
        return examples;
    }

    /** What differs, for people; null when the answer is the expected one. */
    String difference(Prediction got) {
        if (got.intentIndex != intent) {
            return "intent " + got.intentIndex + ", expected " + intent;
        }
        if (labels != null) {
            String difference = labelDifference(got);
            if (difference != null) {
                return difference;
            }
        }
        if (!(Math.abs(got.score - score) <= TOLERANCE)) {
            return "score " + got.score + ", expected " + score;
        }
        if (got.truncated != truncated) {
            return "truncated " + got.truncated + ", expected " + truncated;
        }
        if (inScope != null && !inScope.equals(got.inScope)) {
            return "in_scope " + got.inScope + ", expected " + inScope;
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

    private String labelDifference(Prediction got) {
        Map<Integer, Double> found = new TreeMap<Integer, Double>();
        for (Label label : got.labels) {
            found.put(label.index, (double) label.score);
        }
        if (!found.keySet().equals(labels.keySet())) {
            return "labels " + found.keySet() + ", expected " + labels.keySet();
        }
        for (Map.Entry<Integer, Double> entry : labels.entrySet()) {
            double score = found.get(entry.getKey());
            if (!(Math.abs(score - entry.getValue()) <= TOLERANCE)) {
                return "label " + entry.getKey() + " with score " + score + ", expected "
                        + entry.getValue();
            }
        }
        return null;
    }
}
