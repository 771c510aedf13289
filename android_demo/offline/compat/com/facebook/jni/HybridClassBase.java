package com.facebook.jni;

/** Base of classes that are their own native peer; libfbjni.so looks the name up. */
public abstract class HybridClassBase extends HybridData {}
