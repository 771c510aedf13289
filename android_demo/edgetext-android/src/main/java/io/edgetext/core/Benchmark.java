package io.edgetext.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Times the model on its golden texts and reports as {@code edgetext bench} reads it. */
public final class Benchmark {
    /** The version of the report's fields. */
    public static final int FORMAT = 1;

    private static final int WARM_UP = 20;
    private static final int CALLS = 200;

    private Benchmark() {}

    /**
     * Run it. Times are text to spans, in milliseconds.
     *
     * @param model the model to time
     * @param device what the host says of itself: model, ABI, system version
     * @return the report's fields, by name
     * @throws EdgeTextException when the model carries no golden examples
     */
    public static Map<String, Object> run(Model model, Map<String, String> device) {
        List<GoldenExample> examples = model.golden();
        if (examples.isEmpty()) {
            throw new EdgeTextException(
                    "The model carries no golden examples to time; export it again.");
        }
        Latency latency = new Latency(CALLS);
        for (int i = 0; i < WARM_UP + CALLS; i++) {
            Prediction got = model.predict(examples.get(i % examples.size()).text);
            if (i >= WARM_UP) {
                latency.add(got.nanos);
            }
        }
        Replay replay = model.verify();
        Metadata metadata = model.metadata();
        Map<String, Object> report = new LinkedHashMap<String, Object>();
        report.put("format", FORMAT);
        report.put("target", "android");
        report.put("runtime", model.runtimeName());
        report.put("model", metadata.name());
        report.put("variant", metadata.variant());
        report.put("model_version", metadata.version());
        report.put("checkpoint_sha256", metadata.checkpoint());
        report.put("device", device);
        report.put("load_ms", model.loadNanos() / 1e6);
        report.put("first_answer_ms", model.firstNanos() / 1e6);
        report.put("calls", CALLS);
        report.put("p50_ms", latency.percentile(50));
        report.put("p90_ms", latency.percentile(90));
        report.put("p99_ms", latency.percentile(99));
        report.put("golden_passed", replay.passed);
        report.put("golden_total", replay.total);
        return report;
    }
}
