package io.edgetext;

import android.content.Context;

import io.edgetext.core.EdgeTextException;
import io.edgetext.core.Model;
import io.edgetext.core.Prediction;
import io.edgetext.core.Replay;
import io.edgetext.runtime.Runtimes;

import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The library's door: {@code EdgeText.load(context, "model.pte").predict("wake me at 7")}.
 *
 * <p>Loading and answering block; call them off the main thread. Calls may come from any thread.
 */
public final class EdgeText implements Closeable {
    private static final int BUFFER = 1 << 16;
    private static final int HASH_DIGITS = 64;

    private final Model model;

    private EdgeText(Model model) {
        this.model = model;
    }

    /**
     * Load an artifact from the app's assets: {@code .pte} in ExecuTorch, {@code .onnx} in ONNX
     * Runtime.
     *
     * @param context whose assets and whose folder for unpacked files are used
     * @param asset the file's name among the assets
     * @return the model, to be closed when it is no longer asked
     * @throws EdgeTextException with a sentence for the user when the asset is missing, damaged,
     *     too new or of another task
     */
    public static EdgeText load(Context context, String asset) {
        if (!Runtimes.reads(asset)) {
            throw new EdgeTextException("The model \"" + asset + "\" is neither .pte nor .onnx.");
        }
        return new EdgeText(Runtimes.load(unpack(context, asset), hash(context, asset)));
    }

    /** The hash that edgetext export writes beside the artifact; null when there is none. */
    private static String hash(Context context, String asset) {
        try (InputStream from = context.getAssets().open(asset + ".sha256")) {
            byte[] digits = new byte[HASH_DIGITS];
            int size = 0;
            for (int read = 0; read >= 0 && size < HASH_DIGITS; size += Math.max(read, 0)) {
                read = from.read(digits, size, HASH_DIGITS - size);
            }
            return new String(digits, 0, size, StandardCharsets.US_ASCII);
        } catch (IOException none) {
            return null;
        }
    }

    /** The engines map a file into memory, and an asset is none; so copy it out, whole or not at all. */
    private static File unpack(Context context, String asset) {
        File file = new File(context.getCodeCacheDir(), asset.replace('/', '_'));
        File part = new File(file.getPath() + ".part");
        try (InputStream from = context.getAssets().open(asset);
                OutputStream to = new FileOutputStream(part)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                to.write(buffer, 0, read);
            }
        } catch (FileNotFoundException error) {
            throw new EdgeTextException(
                    "The model \"" + asset + "\" is not in the app; run edgetext export --android.",
                    error);
        } catch (IOException error) {
            throw new EdgeTextException(
                    "The model \"" + asset + "\" could not be unpacked; is the storage full?",
                    error);
        }
        if (!part.renameTo(file)) {
            throw new EdgeTextException("The model \"" + asset + "\" could not be unpacked.");
        }
        return file;
    }

    /**
     * Answer a text; see {@link Model#predict}.
     *
     * @param text of any length
     * @return the answer
     * @throws EdgeTextException when the engine fails or answers outside the contract
     */
    public synchronized Prediction predict(String text) {
        return model.predict(text);
    }

    /**
     * Replay the golden examples that the artifact carries.
     *
     * @return how many were answered alike, and what differs
     */
    public synchronized Replay verify() {
        return model.verify();
    }

    /**
     * The plain JVM object behind, for its metadata and times.
     *
     * @return the model
     */
    public Model model() {
        return model;
    }

    @Override
    public synchronized void close() {
        model.close();
    }
}
