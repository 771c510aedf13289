package ai.onnxruntime;

/** A result of a model; only tensors here. */
public interface OnnxValue extends AutoCloseable {
    @Override
    void close();
}
