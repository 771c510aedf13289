package io.edgetext.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import io.edgetext.core.EdgeTextException;
import io.edgetext.core.ModelRuntime;
import io.edgetext.core.RawOutput;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;

/** An {@code .onnx} in ONNX Runtime: input "text", outputs "scores", "spans" and "truncated". */
public final class OnnxModel implements ModelRuntime {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final byte[] metadata;
    private final byte[] golden;

    /** @throws EdgeTextException when the file is no artifact */
    public OnnxModel(String path) {
        try {
            environment = OrtEnvironment.getEnvironment();
            OrtSession.SessionOptions options = new OrtSession.SessionOptions();
            try {
                options.setIntraOpNumThreads(1);
                // edgetext export has optimized the graph; doing it again is most of loading.
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
                session = environment.createSession(path, options);
            } finally {
                options.close();
            }
            Map<String, String> properties = session.getMetadata().getCustomMetadata();
            metadata = property(properties, "edgetext");
            golden = property(properties, "edgetext_golden");
        } catch (OrtException error) {
            throw new EdgeTextException(
                    "The model file is damaged or was not made by edgetext export; copy it again.",
                    error);
        }
    }

    private static byte[] property(Map<String, String> properties, String name) {
        String json = properties.get(name);
        if (json == null) {
            throw new EdgeTextException(
                    "The model file has no \"" + name + "\"; it was not made by edgetext export.");
        }
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String name() {
        return "ONNX Runtime";
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
    public RawOutput run(byte[] text, boolean joint) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(text.length);
        bytes.put(text);
        bytes.rewind();
        long[] shape = {1, text.length};
        OnnxTensor input =
                OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
        try {
            OrtSession.Result result = session.run(Collections.singletonMap("text", input));
            try {
                FloatBuffer scores = tensor(result, "scores").getFloatBuffer();
                float[] probabilities = new float[scores.remaining()];
                scores.get(probabilities);
                int[] spans = joint ? integers(result, "spans") : new int[0];
                boolean truncated = integers(result, "truncated")[0] != 0;
                return new RawOutput(probabilities, spans, truncated);
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
        } catch (OrtException error) {
            throw new EdgeTextException("ONNX Runtime could not close the model.", error);
        }
    }
}
