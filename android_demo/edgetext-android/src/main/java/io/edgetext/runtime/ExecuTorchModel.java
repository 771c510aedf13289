package io.edgetext.runtime;

import io.edgetext.core.EdgeTextException;
import io.edgetext.core.Metadata;
import io.edgetext.core.ModelRuntime;
import io.edgetext.core.RawOutput;

import java.io.File;
import java.util.Arrays;

import org.pytorch.executorch.EValue;
import org.pytorch.executorch.Module;
import org.pytorch.executorch.Tensor;

/**
 * A {@code .pte} in ExecuTorch: method "tokenize" reads bytes, "forward" takes its outputs as they
 * come; the constant methods "edgetext" and "edgetext_golden" hold JSON.
 */
public final class ExecuTorchModel implements ModelRuntime {
    /** More threads than one slow down a model whose whole work takes less than a millisecond. */
    private static final int THREADS = 1;

    private static final int TRUNCATED = 4;
    private static final String NAME = "ExecuTorch";

    private final Module module;
    private final byte[] metadata;
    private final byte[] golden;

    /**
     * ExecuTorch's Java API does not tell its release, and a program's description is a method of
     * its own; so a runtime that is too old shows only by not loading it.
     *
     * @param file a checked {@code .pte}
     * @throws EdgeTextException when the file is no artifact, or this runtime cannot load it
     */
    public ExecuTorchModel(File file) {
        Module loaded = null;
        try {
            loaded = Module.load(file.getPath(), Module.LOAD_MODE_MMAP, THREADS);
            metadata = constant(loaded, "edgetext");
            golden = constant(loaded, "edgetext_golden");
            module = loaded;
        } catch (RuntimeException error) {
            if (loaded != null) {
                loaded.destroy();
            }
            throw new EdgeTextException(
                    NAME + " could not load the model \"" + file.getName() + "\" ("
                            + error.getMessage() + "); this app needs " + NAME + " "
                            + Metadata.OLDEST_EXECUTORCH
                            + " or newer, and a file that edgetext export wrote.",
                    error);
        }
    }

    private static byte[] constant(Module module, String method) {
        return module.execute(method)[0].toTensor().getDataAsUnsignedByteArray();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte[] metadata() {
        return metadata;
    }

    @Override
    public byte[] golden() {
        return golden;
    }

    @Override
    public RawOutput run(byte[] text, Metadata metadata) {
        Tensor input = Tensor.fromBlobUnsigned(text, new long[] {1, text.length});
        EValue[] tokens = module.execute("tokenize", EValue.from(input));
        boolean truncated = tokens[TRUNCATED].toTensor().getDataAsIntArray()[0] != 0;
        EValue[] answer =
                module.execute(
                        "forward", Arrays.copyOf(tokens, metadata.hasSpans() ? TRUNCATED : 1));
        // Spans come last, behind scores where there are any; in_scope comes between.
        Tensor last = answer[answer.length - 1].toTensor();
        return new RawOutput(
                metadata.hasIntents()
                        ? answer[0].toTensor().getDataAsFloatArray()
                        : new float[0],
                metadata.hasSpans() ? last.getDataAsIntArray() : new int[0],
                truncated,
                metadata.hasInScope() ? answer[1].toTensor().getDataAsIntArray()[0] != 0 : null);
    }

    @Override
    public void close() {
        try {
            module.destroy();
        } catch (RuntimeException error) {
            throw new EdgeTextException(NAME + " could not close the model.", error);
        }
    }
}
