package io.edgetext.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What an artifact says of itself: contract version 1. */
public final class Metadata {
    /** The newest contract that this library reads. */
    public static final int CONTRACT = 1;

    public static final String JOINT = "joint";
    public static final String CLASSIFY = "classify";

    private final Map<?, ?> fields;
    private final String task;
    private final List<String> intents;
    private final List<String> slots;
    private final int maxBytes;

    private Metadata(Map<?, ?> fields) {
        this.fields = fields;
        task = Fields.get(fields, "task", String.class);
        Object labels = Fields.get(fields, "labels", Map.class);
        intents = Collections.unmodifiableList(Fields.names(labels, "intent"));
        slots = JOINT.equals(task)
                ? Collections.unmodifiableList(Fields.names(labels, "slots"))
                : new ArrayList<String>();
        maxBytes = Fields.integer(fields, "max_bytes");
    }

    /**
     * Read and check the artifact's own words.
     *
     * @throws EdgeTextException when they are damaged, of a newer contract or of another task
     */
    public static Metadata read(byte[] json) {
        Object fields = Fields.parse(json, "description");
        int contract = Fields.integer(fields, "contract");
        if (contract > CONTRACT) {
            throw new EdgeTextException(
                    "This model is of contract " + contract + ", and this app reads " + CONTRACT
                            + " and older; upgrade the app.");
        }
        String task = Fields.get(fields, "task", String.class);
        if (!JOINT.equals(task) && !CLASSIFY.equals(task)) {
            throw new EdgeTextException(
                    "This model does \"" + task + "\", and this app shows only \"" + CLASSIFY
                            + "\" and \"" + JOINT + "\"; pick another model.");
        }
        Metadata metadata = new Metadata((Map<?, ?>) fields);
        if (metadata.intents.isEmpty() || metadata.maxBytes < 1) {
            throw new EdgeTextException(
                    "The model's description has no labels or no byte limit; export it again.");
        }
        return metadata;
    }

    public String task() {
        return task;
    }

    public boolean isJoint() {
        return JOINT.equals(task);
    }

    public String name() {
        return Fields.string(fields, "name", "model");
    }

    public String variant() {
        return Fields.string(fields, "variant", "");
    }

    public String version() {
        return Fields.string(fields, "model_version", "");
    }

    public String checkpoint() {
        return Fields.string(fields, "checkpoint_sha256", "");
    }

    public List<String> intents() {
        return intents;
    }

    public List<String> slots() {
        return slots;
    }

    /** The bytes of a text that the model reads; it cuts a longer one. */
    public int maxBytes() {
        return maxBytes;
    }
}
