package io.edgetext.runtime;

import io.edgetext.core.ArtifactFile;
import io.edgetext.core.EdgeTextException;
import io.edgetext.core.Model;
import io.edgetext.core.ModelRuntime;

import java.io.File;

/** Which engine runs which file. */
public final class Runtimes {
    /** The suffix of ExecuTorch's files. */
    public static final String EXECUTORCH = ".pte";
    /** The suffix of ONNX Runtime's files. */
    public static final String ONNX = ".onnx";

    private Runtimes() {}

    /**
     * Whether some engine takes a file of that name.
     *
     * @param file its name
     * @return by the suffix alone
     */
    public static boolean reads(String file) {
        return file.endsWith(EXECUTORCH) || file.endsWith(ONNX);
    }

    /**
     * Load an artifact; its suffix picks the engine.
     *
     * @param file the artifact
     * @param sha256 the file's expected hash in hexadecimal, or null when nobody knows it
     * @return the model, to be closed when it is no longer asked
     * @throws EdgeTextException when it is missing, damaged, of another task, or newer than the app
     *     or its engine
     */
    public static Model load(File file, String sha256) {
        long begun = System.nanoTime();
        if (!reads(file.getName())) {
            throw new EdgeTextException(
                    "The model \"" + file.getName() + "\" is neither .pte nor .onnx.");
        }
        if (!file.isFile()) {
            throw new EdgeTextException(
                    "The model \"" + file.getName() + "\" is not there; run edgetext export.");
        }
        ArtifactFile.check(file, sha256);
        ModelRuntime runtime = open(file);
        return new Model(runtime, begun);
    }

    private static ModelRuntime open(File file) {
        boolean executorch = file.getName().endsWith(EXECUTORCH);
        try {
            return executorch
                    ? new ExecuTorchModel(file)
                    : new OnnxModel(file);
        } catch (LinkageError error) {
            // Thrown by the class itself where its engine's classes or libraries are missing.
            throw new EdgeTextException(
                    (executorch ? "ExecuTorch" : "ONNX Runtime")
                            + " is not in this build for this processor; pick another runtime.",
                    error);
        }
    }
}
