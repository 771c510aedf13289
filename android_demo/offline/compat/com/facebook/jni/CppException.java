package com.facebook.jni;

/** A C++ exception that reached Java. */
public class CppException extends RuntimeException {
    public CppException(String message) {
        super(message);
    }
}
