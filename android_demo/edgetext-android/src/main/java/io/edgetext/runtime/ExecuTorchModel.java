package io.edgetext.runtime;

import io.edgetext.core.EdgeTextException;
import io.edgetext.core.ModelRuntime;
import io.edgetext.core.RawOutput;

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

    private final Module module;
    private final byte[] metadata;
    private final byte[] golden;

    /** @throws EdgeTextException when the file is no artifact */
    public ExecuTorchModel(String path) {
        Module loaded = null;
        try {
            loaded = Module.load(path, Module.LOAD_MODE_MMAP, THREADS);
            metadata = constant(loaded, "edgetext");
            golden = constant(loaded, "edgetext_golden");
            module = loaded;
        } catch (RuntimeException error) {
            if (loaded != null) {
                loaded.destroy();
            }
            throw new EdgeTextException(
                    "The model file is damaged or was not made by edgetext export; copy it again.",
                    error);
        }
    }

    private static byte[] constant(Module module, String method) {
        return module.execute(method)[0].toTensor().getDataAsUnsignedByteArray();
    }

    @Override
    public String name() {
        return "ExecuTorch";
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
    public RawOutput run(byte[] text, boolean joint) {
        Tensor input = Tensor.fromBlobUnsigned(text, new long[] {1, text.length});
        EValue[] tokens = module.execute("tokenize", EValue.from(input));
        boolean truncated = tokens[TRUNCATED].toTensor().getDataAsIntArray()[0] != 0;
        EValue[] answer =
                module.execute("forward", Arrays.copyOf(tokens, joint ? TRUNCATED : 1));
        int[] spans = joint ? answer[1].toTensor().getDataAsIntArray() : new int[0];
        return new RawOutput(answer[0].toTensor().getDataAsFloatArray(), spans, truncated);
    }

    @Override
    public void close() {
        module.destroy();
    }
}
