package ai.onnxruntime;

/** ONNX Runtime's error. */
public class OrtException extends Exception {
    public OrtException(String message) {
        super(message);
    }
}
