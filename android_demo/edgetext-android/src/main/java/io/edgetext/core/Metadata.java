package io.edgetext.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What an artifact says of itself: contract version 1. */
public final class Metadata {
    /** The newest contract that this library reads. */
    public static final int CONTRACT = 1;

    /** Task: one label a text, and slots. */
    public static final String JOINT = "joint";
    /** Task: one label a text. */
    public static final String CLASSIFY = "classify";
    /** Task: labeled spans. */
    public static final String TAG = "tag";
    /** Task: none, one or several labels a text. */
    public static final String MULTI_LABEL = "multi_label";

    private static final List<String> TASKS =
            Collections.unmodifiableList(Arrays.asList(CLASSIFY, JOINT, TAG, MULTI_LABEL));

    /** The oldest releases for a file that does not tell, which edgetext 0.1 wrote. */
    private static final String OLDEST_ONNX_RUNTIME = "1.32.0";

    /** The same for ExecuTorch. */
    public static final String OLDEST_EXECUTORCH = "1.4.0";

    private final Map<?, ?> fields;
    private final String task;
    private final List<String> intents;
    private final List<String> slots;
    private final int maxBytes;
    private final String oldestRuntime;

    private Metadata(Map<?, ?> fields) {
        this.fields = fields;
        task = Fields.get(fields, "task", String.class);
        Object labels = Fields.get(fields, "labels", Map.class);
        intents = Collections.unmodifiableList(Fields.names(labels, "intent"));
        slots = hasSpans()
                ? Collections.unmodifiableList(Fields.names(labels, "slots"))
                : new ArrayList<String>();
        maxBytes = Fields.integer(fields, "max_bytes");
        oldestRuntime = fields.containsKey("oldest_runtime")
                ? Fields.get(fields, "oldest_runtime", String.class)
                : "executorch".equals(fields.get("runtime"))
                        ? OLDEST_EXECUTORCH
                        : OLDEST_ONNX_RUNTIME;
        if (!Release.isRelease(oldestRuntime)) {
            throw new EdgeTextException(
                    "The model's field \"oldest_runtime\" is \"" + oldestRuntime
                            + "\", which is no release; export it again.");
        }
    }

    /**
     * Read and check the artifact's own words.
     *
     * @param json UTF-8
     * @return what they say
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
        if (!TASKS.contains(task)) {
            // Not String.join, which the android.jar of the offline build lacks.
            String known = TASKS.toString();
            throw new EdgeTextException(
                    "This model does \"" + task + "\", and this app shows only "
                            + known.substring(1, known.length() - 1) + "; pick another model.");
        }
        Metadata metadata = new Metadata((Map<?, ?>) fields);
        boolean isScored = metadata.hasIntents() || metadata.hasLabels();
        if (isScored == metadata.intents.isEmpty() || metadata.maxBytes < 1) {
            throw new EdgeTextException(
                    "The model's description has no labels or no byte limit; export it again.");
        }
        return metadata;
    }

    /**
     * What the model does.
     *
     * @return one of the tasks above
     */
    public String task() {
        return task;
    }

    /**
     * Whether an answer has an intent, with its probability.
     *
     * @return as the task has it
     */
    public boolean hasIntents() {
        return CLASSIFY.equals(task) || JOINT.equals(task);
    }

    /**
     * Whether an answer has none, one or several labels, with a probability each.
     *
     * @return as the task has it
     */
    public boolean hasLabels() {
        return MULTI_LABEL.equals(task);
    }

    /**
     * Whether an answer has spans, be they none in some texts.
     *
     * @return as the task has it
     */
    public boolean hasSpans() {
        return JOINT.equals(task) || TAG.equals(task);
    }

    /**
     * Whether an answer tells if the text is about something that the labels say.
     *
     * @return as the file's outputs have it
     */
    public boolean hasInScope() {
        Object outputs = fields.get("outputs");
        return outputs instanceof List && ((List<?>) outputs).contains("in_scope");
    }

    /**
     * Refuse a runtime that is older than the file needs.
     *
     * @param file the file's name, for the sentence
     * @param runtime the runtime's name
     * @param here its release
     * @throws EdgeTextException when {@code here}, the release of {@code runtime}, is too old
     */
    public void checkRuntime(String file, String runtime, String here) {
        if (Release.isOlder(here, oldestRuntime)) {
            throw new EdgeTextException(
                    "The model \"" + file + "\" needs " + runtime + " " + oldestRuntime
                            + " or newer, and this app has " + here
                            + "; upgrade the app, or export the model again with a newer edgetext.");
        }
    }

    /**
     * The oldest release of its runtime that the file is promised for.
     *
     * @return such as "1.24.1"
     */
    public String oldestRuntime() {
        return oldestRuntime;
    }

    /**
     * The recipe that the model was made by.
     *
     * @return its name, or "model"
     */
    public String name() {
        return Fields.string(fields, "name", "model");
    }

    /**
     * What was done with the model: "full", "distilled", "pruned", "int8" or "int4".
     *
     * @return "" where the file does not tell
     */
    public String variant() {
        return Fields.string(fields, "variant", "");
    }

    /**
     * The version that the model's maker gave it.
     *
     * @return "" where the file does not tell
     */
    public String version() {
        return Fields.string(fields, "model_version", "");
    }

    /**
     * Which checkpoint the file was made of.
     *
     * @return its SHA-256 in hexadecimal; "" where the file does not tell
     */
    public String checkpoint() {
        return Fields.string(fields, "checkpoint_sha256", "");
    }

    /**
     * The labels of texts, whether a text has one of them or several.
     *
     * @return their names, which cannot be changed
     */
    public List<String> intents() {
        return intents;
    }

    /**
     * The labels of spans.
     *
     * @return their names
     */
    public List<String> slots() {
        return slots;
    }

    /**
     * The bytes of a text that the model reads; it cuts a longer one.
     *
     * @return 1 or more
     */
    public int maxBytes() {
        return maxBytes;
    }
}
