package android.util;

/** The calls that ExecuTorch's classes make, on a desktop JVM. */
public final class Log {
    private Log() {}

    public static int e(String tag, String message) {
        System.err.println(tag + ": " + message);
        return 0;
    }
}
