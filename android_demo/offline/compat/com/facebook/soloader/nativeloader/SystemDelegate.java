package com.facebook.soloader.nativeloader;

/** As the system finds them. */
public class SystemDelegate implements NativeLoaderDelegate {
    @Override
    public boolean loadLibrary(String name) {
        System.loadLibrary(name);
        return true;
    }
}
