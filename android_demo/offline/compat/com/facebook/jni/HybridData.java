package com.facebook.jni;

import com.facebook.soloader.nativeloader.NativeLoader;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The Java half of fbjni's native objects: the names, fields and methods that libfbjni.so looks up.
 * The native object goes when {@link #resetNative} is called, or some time after this one went.
 */
public class HybridData {
    static {
        NativeLoader.loadLibrary("fbjni");
    }

    private final Destructor mDestructor = new Destructor(this);

    public synchronized void resetNative() {
        mDestructor.destruct();
    }

    public boolean isValid() {
        return mDestructor.mNativePointer != 0;
    }

    /** Owns the native pointer; libfbjni.so writes the field. */
    public static class Destructor extends PhantomReference<Object> {
        private static final ReferenceQueue<Object> GONE = new ReferenceQueue<Object>();
        private static final Set<Destructor> ALIVE =
                Collections.synchronizedSet(new HashSet<Destructor>());

        static {
            Thread thread = new Thread("HybridData") {
                @Override
                public void run() {
                    while (true) {
                        try {
                            ((Destructor) GONE.remove()).destruct();
                        } catch (InterruptedException again) {
                            // Nobody interrupts this thread.
                        }
                    }
                }
            };
            thread.setDaemon(true);
            thread.start();
        }

        private volatile long mNativePointer;

        Destructor(Object owner) {
            super(owner, GONE);
            ALIVE.add(this);
        }

        synchronized void destruct() {
            ALIVE.remove(this);
            long pointer = mNativePointer;
            mNativePointer = 0;
            if (pointer != 0) {
                deleteNative(pointer);
            }
        }

        static native void deleteNative(long pointer);
    }
}
