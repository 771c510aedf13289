package ai.onnxruntime;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** A loaded model with one input. */
public final class OrtSession implements AutoCloseable {
    private final long handle;
    private final String[] outputs;

    OrtSession(long environment, String path, SessionOptions options) throws OrtException {
        handle = open(environment, path, options.threads, options.level.id);
        outputs = outputNames(handle);
    }

    public Result run(Map<String, OnnxTensor> inputs) throws OrtException {
        Map.Entry<String, OnnxTensor> input = inputs.entrySet().iterator().next();
        OnnxTensor tensor = input.getValue();
        byte[][] data = run(handle, input.getKey(), tensor.data, tensor.shape, outputs);
        Map<String, OnnxValue> values = new LinkedHashMap<String, OnnxValue>();
        for (int i = 0; i < outputs.length; i++) {
            values.put(outputs[i], new OnnxTensor(ByteBuffer.wrap(data[i]), null));
        }
        return new Result(values);
    }

    @Override
    public void close() throws OrtException {
        release(handle);
    }

    private static native long open(long environment, String path, int threads, int level)
            throws OrtException;

    private static native String[] outputNames(long session) throws OrtException;

    private static native byte[][] run(
            long session, String input, ByteBuffer data, long[] shape, String[] outputs)
            throws OrtException;

    private static native void release(long session);

    /** How a session runs. */
    public static final class SessionOptions implements AutoCloseable {
        int threads;
        OptLevel level = OptLevel.ALL_OPT;

        /** What the runtime does to a graph that it loads; ids of its C API. */
        public enum OptLevel {
            NO_OPT(0),
            BASIC_OPT(1),
            EXTENDED_OPT(2),
            ALL_OPT(99);

            final int id;

            OptLevel(int id) {
                this.id = id;
            }
        }

        public void setIntraOpNumThreads(int threads) throws OrtException {
            this.threads = threads;
        }

        public void setOptimizationLevel(OptLevel level) throws OrtException {
            this.level = level;
        }

        @Override
        public void close() {}
    }

    /** A model's answers by name. */
    public static final class Result
            implements AutoCloseable, Iterable<Map.Entry<String, OnnxValue>> {
        private final Map<String, OnnxValue> values;

        Result(Map<String, OnnxValue> values) {
            this.values = values;
        }

        @Override
        public Iterator<Map.Entry<String, OnnxValue>> iterator() {
            return values.entrySet().iterator();
        }

        @Override
        public void close() {}
    }
}
