package ai.onnxruntime;

/** The engine. */
public final class OrtEnvironment {
    private static OrtEnvironment instance;

    final long handle;

    private OrtEnvironment() {
        System.loadLibrary("edgetext_onnx");
        handle = create();
    }

    public static synchronized OrtEnvironment getEnvironment() {
        if (instance == null) {
            instance = new OrtEnvironment();
        }
        return instance;
    }

    public OrtSession createSession(String path, OrtSession.SessionOptions options)
            throws OrtException {
        return new OrtSession(handle, path, options);
    }

    public String getVersion() {
        return version();
    }

    private static native long create();

    private static native String version();
}
