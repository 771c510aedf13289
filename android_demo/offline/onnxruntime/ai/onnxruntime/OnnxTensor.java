package ai.onnxruntime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/** A tensor as its bytes. */
public final class OnnxTensor implements OnnxValue {
    final ByteBuffer data;
    final long[] shape;

    OnnxTensor(ByteBuffer data, long[] shape) {
        this.data = data.order(ByteOrder.nativeOrder());
        this.shape = shape;
    }

    public static OnnxTensor createTensor(
            OrtEnvironment environment, ByteBuffer data, long[] shape, OnnxJavaType type)
            throws OrtException {
        if (!data.isDirect() || type != OnnxJavaType.UINT8) {
            throw new OrtException("only direct uint8 buffers here");
        }
        return new OnnxTensor(data, shape);
    }

    public FloatBuffer getFloatBuffer() {
        return data.asFloatBuffer();
    }

    public IntBuffer getIntBuffer() {
        return data.asIntBuffer();
    }

    @Override
    public void close() {}
}
