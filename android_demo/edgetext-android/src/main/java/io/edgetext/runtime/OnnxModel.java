package io.edgetext.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import io.edgetext.core.EdgeTextException;
import io.edgetext.core.Metadata;
import io.edgetext.core.ModelRuntime;
import io.edgetext.core.OnnxFile;
import io.edgetext.core.RawOutput;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Collections;
import java.util.Map;

/** An {@code .onnx} in ONNX Runtime: input "text", outputs "scores", "spans" and "truncated". */
public final class OnnxModel implements ModelRuntime {
    private static final String NAME = "ONNX Runtime";

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final byte[] metadata;
    private final byte[] golden;

    /**
     * Load a file.
     *
     * @param file a checked {@code .onnx}
     * @throws EdgeTextException when the file is no artifact, or this runtime cannot run it
     */
    public OnnxModel(File file) {
        Map<String, byte[]> properties = OnnxFile.metadata(file);
        metadata = property(properties, "edgetext", file);
        golden = property(properties, "edgetext_golden", file);
        environment = OrtEnvironment.getEnvironment();
        String release = environment.getVersion();
        // Before the engine sees the file: one that is too old may end the process.
        Metadata.read(metadata).checkRuntime(file.getName(), NAME, release);
        try {
            session = open(file.getPath());
        } catch (OrtException | RuntimeException error) {
            throw new EdgeTextException(
                    NAME + " " + release + " could not load the model \"" + file.getName() + "\" ("
                            + error.getMessage() + "); upgrade the app, or pick another model.",
                    error);
        }
    }

    private OrtSession open(String path) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            options.setIntraOpNumThreads(1);
            // edgetext export has optimized the graph; doing it again is most of loading.
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            return environment.createSession(path, options);
        } finally {
            options.close();
        }
    }

    private static byte[] property(Map<String, byte[]> properties, String name, File file) {
        byte[] json = properties.get(name);
        if (json == null) {
            throw new EdgeTextException(
                    "The model \"" + file.getName() + "\" has no \"" + name
                            + "\"; it was not made by edgetext export.");
        }
        return json;
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
    public RawOutput run(byte[] text, Metadata metadata) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(text.length);
        bytes.put(text);
        bytes.rewind();
        long[] shape = {1, text.length};
        OnnxTensor input =
                OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
        try {
            OrtSession.Result result = session.run(Collections.singletonMap("text", input));
            try {
                float[] scores = metadata.hasIntents() ? floats(result, "scores") : new float[0];
                int[] spans = metadata.hasSpans() ? integers(result, "spans") : new int[0];
                boolean truncated = integers(result, "truncated")[0] != 0;
                Boolean inScope =
                        metadata.hasInScope() ? integers(result, "in_scope")[0] != 0 : null;
                return new RawOutput(scores, spans, truncated, inScope);
            } finally {
                result.close();
            }
        } finally {
            input.close();
        }
    }

    private static OnnxTensor tensor(OrtSession.Result result, String name) {
        // Result.get(String) answers with java.util.Optional, which older android.jars lack.
        for (Map.Entry<String, OnnxValue> output : result) {
            if (output.getKey().equals(name)) {
                return (OnnxTensor) output.getValue();
            }
        }
        throw new EdgeTextException(
                "The model has no output \"" + name + "\"; export it again.");
    }

    private static float[] floats(OrtSession.Result result, String name) {
        FloatBuffer buffer = tensor(result, name).getFloatBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private static int[] integers(OrtSession.Result result, String name) {
        IntBuffer buffer = tensor(result, name).getIntBuffer();
        int[] values = new int[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException | RuntimeException error) {
            throw new EdgeTextException(NAME + " could not close the model.", error);
        }
    }
}
