package org.pytorch.executorch;

/** What the library asks of ExecuTorch's Java classes. */
public abstract class Module {
    public static final int LOAD_MODE_MMAP = 1;

    public static Module load(String path, int mode, int threads) {
        throw new UnsatisfiedLinkError("no ExecuTorch in the tests");
    }

    public abstract EValue[] execute(String method, EValue... inputs);

    public abstract void destroy();
}
