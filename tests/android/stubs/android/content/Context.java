package android.content;

import android.content.res.AssetManager;

import java.io.File;

/** What the library asks of Android, so that its sources compile without Android's own classes. */
public abstract class Context {
    public abstract AssetManager getAssets();

    public abstract File getCodeCacheDir();
}
