package ai.onnxruntime;

/** Element types, with ONNX's own numbers. */
public enum OnnxJavaType {
    FLOAT(1),
    UINT8(2),
    INT32(6);

    public final int value;

    OnnxJavaType(int value) {
        this.value = value;
    }
}
