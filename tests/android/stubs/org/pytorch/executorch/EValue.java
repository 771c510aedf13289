package org.pytorch.executorch;

/** See {@link Module}. */
public abstract class EValue {
    public static EValue from(Tensor tensor) {
        throw new UnsatisfiedLinkError("no ExecuTorch in the tests");
    }

    public abstract Tensor toTensor();
}
