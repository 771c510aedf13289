package io.edgetext.demo;

import android.content.Context;
import android.os.Build;
import android.os.Handler;
import android.os.HandlerThread;
import android.os.Looper;
import android.util.Log;

import io.edgetext.EdgeText;
import io.edgetext.core.Benchmark;
import io.edgetext.core.EdgeTextException;
import io.edgetext.core.Json;
import io.edgetext.core.Latency;
import io.edgetext.core.Prediction;
import io.edgetext.core.Replay;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The loaded model and the thread that it works on. It outlives a rotation: the activity hands it
 * on to its successor, and answers go to whoever is attached.
 */
final class Session {
    private static final String TAG = "edgetext";
    private static final int LAST_CALLS = 50;

    /** Who shows the answers; all calls come on the main thread. */
    interface Screen {
        void showAnswer(Prediction answer, Latency latency);

        void showStatus(String sentence);

        void showError(String sentence);
    }

    /** One piece of work off the main thread. */
    private interface Work {
        void run() throws IOException;
    }

    private final Context context;
    private final Handler main = new Handler(Looper.getMainLooper());
    private final HandlerThread thread = new HandlerThread("edgetext");
    private final Handler worker;

    /** Main thread only. */
    private Screen screen;

    private String asset;
    private String status = "";
    private boolean statusIsError;
    private Prediction answer;
    private final Latency latency = new Latency(LAST_CALLS);

    /** Worker thread only. */
    private EdgeText model;

    private volatile String newestText;

    Session(Context context) {
        this.context = context.getApplicationContext();
        thread.start();
        worker = new Handler(thread.getLooper());
    }

    void attach(Screen to) {
        screen = to;
        if (answer != null) {
            screen.showAnswer(answer, latency);
        }
        report(status, statusIsError);
    }

    void detach() {
        screen = null;
    }

    /** The loaded asset, or the one being loaded; null at first. */
    String asset() {
        return asset;
    }

    /** Load an asset and answer {@code text} with it. */
    void load(final String name, final String text) {
        asset = name;
        answer = null;
        latency.clear();
        report(context.getString(R.string.loading), false);
        newestText = text;
        post(new Work() {
            @Override
            public void run() {
                close();
                model = EdgeText.load(context, name);
                tell(context.getString(R.string.loaded, model.model().metadata().name(),
                        model.model().metadata().variant(), model.model().runtimeName(),
                        model.model().loadNanos() / 1e6));
                answer(text);
            }
        });
    }

    /** Answer a text; of several waiting ones only the newest. */
    void predict(final String text) {
        newestText = text;
        post(new Work() {
            @Override
            public void run() {
                if (model != null && text.equals(newestText)) {
                    answer(text);
                }
            }
        });
    }

    private void answer(String text) {
        final Prediction prediction = model.predict(text);
        main.post(new Runnable() {
            @Override
            public void run() {
                latency.add(prediction.nanos);
                answer = prediction;
                if (statusIsError) {
                    // It was about an earlier text.
                    report("", false);
                }
                if (screen != null) {
                    screen.showAnswer(prediction, latency);
                }
            }
        });
    }

    /** Replay the golden examples. */
    void verify() {
        report(context.getString(R.string.working), false);
        post(new Work() {
            @Override
            public void run() {
                Replay replay = loaded().verify();
                tell(replay.isPassed()
                        ? context.getString(R.string.verify_passed, replay.passed, replay.total)
                        : context.getString(R.string.verify_failed, replay.passed, replay.total,
                                replay.failures.isEmpty() ? "" : replay.failures.get(0)));
            }
        });
    }

    /** Time the model and write the report that {@code edgetext bench} reads. */
    void benchmark() {
        report(context.getString(R.string.working), false);
        post(new Work() {
            @Override
            public void run() throws IOException {
                Map<String, Object> report = Benchmark.run(loaded().model(), device());
                File folder = context.getExternalFilesDir(null);
                File file = new File(
                        folder == null ? context.getFilesDir() : folder, "benchmark.json");
                try (OutputStream out = new FileOutputStream(file)) {
                    out.write((Json.write(report) + "\n").getBytes(StandardCharsets.UTF_8));
                } catch (IOException error) {
                    throw new EdgeTextException(
                            context.getString(R.string.benchmark_unwritten), error);
                }
                tell(context.getString(
                        R.string.benchmark_done, (Double) report.get("p50_ms"), file.getPath()));
            }
        });
    }

    private EdgeText loaded() {
        if (model == null) {
            throw new EdgeTextException(context.getString(R.string.no_model));
        }
        return model;
    }

    private static Map<String, String> device() {
        Map<String, String> device = new LinkedHashMap<String, String>();
        device.put("manufacturer", Build.MANUFACTURER);
        device.put("model", Build.MODEL);
        device.put("abi", Build.SUPPORTED_ABIS[0]);
        device.put("android", Build.VERSION.RELEASE);
        return device;
    }

    /** The activity is gone for good. */
    void end() {
        post(new Work() {
            @Override
            public void run() {
                try {
                    close();
                } finally {
                    thread.quit();
                }
            }
        });
    }

    private void close() {
        EdgeText closing = model;
        // Forgotten first, so that one that cannot be closed is not asked again.
        model = null;
        if (closing != null) {
            closing.close();
        }
    }

    /** Do it on the worker; whatever goes wrong becomes a sentence on the screen. */
    private void post(final Work work) {
        worker.post(new Runnable() {
            @Override
            public void run() {
                try {
                    work.run();
                } catch (EdgeTextException error) {
                    Log.w(TAG, error);
                    fail(error.getMessage());
                } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError error) {
                    Log.e(TAG, "unexpected", error);
                    fail(context.getString(R.string.unexpected, error.toString()));
                }
            }
        });
    }

    private void tell(String sentence) {
        later(sentence, false);
    }

    private void fail(String sentence) {
        later(sentence, true);
    }

    private void later(final String sentence, final boolean isError) {
        main.post(new Runnable() {
            @Override
            public void run() {
                report(sentence, isError);
            }
        });
    }

    void report(String sentence, boolean isError) {
        status = sentence;
        statusIsError = isError;
        if (screen == null) {
            return;
        }
        if (isError) {
            screen.showError(sentence);
        } else {
            screen.showStatus(sentence);
        }
    }
}
