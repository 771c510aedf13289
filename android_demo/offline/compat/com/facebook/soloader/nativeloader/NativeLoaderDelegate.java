package com.facebook.soloader.nativeloader;

/** How native libraries are found. */
public interface NativeLoaderDelegate {
    boolean loadLibrary(String name);
}
