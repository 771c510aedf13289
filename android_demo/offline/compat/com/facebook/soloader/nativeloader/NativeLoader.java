package com.facebook.soloader.nativeloader;

/** The one place that ExecuTorch and fbjni ask for their libraries. */
public final class NativeLoader {
    private static NativeLoaderDelegate delegate;

    private NativeLoader() {}

    public static synchronized boolean isInitialized() {
        return delegate != null;
    }

    public static synchronized void init(NativeLoaderDelegate with) {
        delegate = with;
    }

    public static synchronized boolean loadLibrary(String name) {
        if (delegate == null) {
            delegate = new SystemDelegate();
        }
        return delegate.loadLibrary(name);
    }
}
