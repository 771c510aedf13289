package android.content.res;

import java.io.IOException;
import java.io.InputStream;

/** See {@link android.content.Context}. */
public abstract class AssetManager {
    public abstract InputStream open(String name) throws IOException;
}
