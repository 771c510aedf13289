package com.facebook.jni;

import com.facebook.soloader.nativeloader.NativeLoader;

/** Lets a native thread call back with this class loader on its stack. */
public class ThreadScopeSupport {
    static {
        NativeLoader.loadLibrary("fbjni");
    }

    private static void runStdFunction(long pointer) {
        runStdFunctionImpl(pointer);
    }

    private static native void runStdFunctionImpl(long pointer);
}
