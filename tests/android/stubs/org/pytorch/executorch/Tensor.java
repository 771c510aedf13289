package org.pytorch.executorch;

/** See {@link Module}. */
public abstract class Tensor {
    public static Tensor fromBlobUnsigned(byte[] data, long[] shape) {
        throw new UnsatisfiedLinkError("no ExecuTorch in the tests");
    }

    public abstract byte[] getDataAsUnsignedByteArray();

    public abstract int[] getDataAsIntArray();

    public abstract float[] getDataAsFloatArray();
}
