package ai.onnxruntime;

import java.util.Map;

/** What a model says of itself. */
public final class OnnxModelMetadata {
    private final Map<String, String> custom;

    OnnxModelMetadata(Map<String, String> custom) {
        this.custom = custom;
    }

    public Map<String, String> getCustomMetadata() {
        return custom;
    }
}
