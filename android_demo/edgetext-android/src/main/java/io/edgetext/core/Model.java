package io.edgetext.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A loaded artifact that answers Strings. Call it from one thread at a time. */
public final class Model {
    private final ModelRuntime runtime;
    private final Metadata metadata;
    private final List<GoldenExample> golden;
    private final long loadNanos;
    private long firstNanos;

    /**
     * Take over a loaded engine, which is closed where the artifact is refused.
     *
     * @param runtime the engine
     * @param begun System.nanoTime() when loading began
     * @throws EdgeTextException when the artifact is damaged, too new or of another task
     */
    public Model(ModelRuntime runtime, long begun) {
        this.runtime = runtime;
        try {
            metadata = Metadata.read(runtime.metadata());
            golden = Collections.unmodifiableList(GoldenExample.read(runtime.golden(), metadata));
        } catch (RuntimeException error) {
            try {
                runtime.close();
            } catch (RuntimeException another) {
                // Why the model is refused is what the user must read.
                error.addSuppressed(another);
            }
            throw error;
        }
        loadNanos = System.nanoTime() - begun;
    }

    /**
     * What the artifact says of itself.
     *
     * @return its metadata
     */
    public Metadata metadata() {
        return metadata;
    }

    /**
     * The examples that the artifact carries, which cannot be changed.
     *
     * @return them, in their order
     */
    public List<GoldenExample> golden() {
        return golden;
    }

    /**
     * The engine's name, for people.
     *
     * @return such as "ExecuTorch"
     */
    public String runtimeName() {
        return runtime.name();
    }

    /**
     * The time from the call that loaded the model to its being ready.
     *
     * @return nanoseconds
     */
    public long loadNanos() {
        return loadNanos;
    }

    /**
     * The time of the first answer after loading.
     *
     * @return nanoseconds; 0 before it
     */
    public long firstNanos() {
        return firstNanos;
    }

    /**
     * Answer a text of any length.
     *
     * @param text as the user wrote it
     * @return the answer
     * @throws EdgeTextException when the engine fails or answers outside the contract
     */
    public Prediction predict(String text) {
        long begun = System.nanoTime();
        EncodedText encoded = new EncodedText(text);
        // One byte more than the model reads tells it that the text goes on.
        byte[] input = encoded.input(metadata.maxBytes() + 1);
        RawOutput raw;
        try {
            raw = runtime.run(input, metadata);
        } catch (EdgeTextException error) {
            throw error;
        } catch (Exception | LinkageError error) {
            throw new EdgeTextException(
                    runtime.name() + " could not run the model (" + error.getMessage()
                            + "); try another text, or pick another model or runtime.",
                    error);
        }
        Prediction prediction = Prediction.decode(raw, metadata, encoded, begun);
        if (firstNanos == 0) {
            firstNanos = prediction.nanos;
        }
        return prediction;
    }

    /**
     * Replay the golden examples.
     *
     * @return how many were answered alike, and what differs
     */
    public Replay verify() {
        List<String> failures = new ArrayList<String>();
        for (GoldenExample example : golden) {
            String difference = example.difference(predict(example.text));
            if (difference != null) {
                failures.add("\"" + example.text + "\": " + difference);
            }
        }
        return new Replay(golden.size(), failures);
    }

    /** Close the engine; the model cannot be asked again. */
    public void close() {
        runtime.close();
    }
}
