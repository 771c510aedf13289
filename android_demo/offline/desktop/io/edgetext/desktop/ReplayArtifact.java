package io.edgetext.desktop;

import io.edgetext.core.Benchmark;
import io.edgetext.core.EdgeTextException;
import io.edgetext.core.Json;
import io.edgetext.core.Model;
import io.edgetext.core.Prediction;
import io.edgetext.core.Replay;
import io.edgetext.core.Span;
import io.edgetext.runtime.Runtimes;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs an artifact on a desktop JVM with the app's own classes and native libraries.
 *
 * <p>Arguments: the artifact; then, if wanted, a file with one JSON string a line to be answered and
 * a file for the answers, one JSON object a line. Exit status: 0 when every golden example is
 * answered as exported, 1 when not, 2 with a sentence when the artifact cannot be used.
 */
public final class ReplayArtifact {
    private ReplayArtifact() {}

    public static void main(String[] arguments) throws IOException {
        int exit = 1;
        try {
            String first = System.getProperty("edgetext.first");
            if (first != null) {
                System.load(first);
            }
            Model model = Runtimes.load(new File(arguments[0]), hash(arguments[0] + ".sha256"));
            if (arguments.length == 3) {
                answer(model, arguments[1], arguments[2]);
            }
            Map<String, String> device = Collections.singletonMap(
                    "model", "desktop JVM " + System.getProperty("os.arch"));
            Map<String, Object> report = Benchmark.run(model, device);
            report.put("target", "desktop");
            Replay replay = model.verify();
            report.put("failures", replay.failures);
            System.out.println(Json.write(report));
            exit = replay.isPassed() ? 0 : 1;
        } catch (EdgeTextException error) {
            System.err.println(error.getMessage());
            if (System.getenv("EDGETEXT_TRACE") != null) {
                error.printStackTrace();
            }
            exit = 2;
        } catch (Throwable error) {
            // halt() below would swallow it.
            error.printStackTrace();
        }
        System.out.flush();
        System.err.flush();
        // fbjni's thread is no daemon, and exit() would run destructors of the shimmed libraries.
        Runtime.getRuntime().halt(exit);
    }

    /** As EdgeText reads it from the assets. */
    private static String hash(String path) throws IOException {
        File file = new File(path);
        return file.isFile()
                ? new String(Files.readAllBytes(file.toPath()), StandardCharsets.US_ASCII)
                : null;
    }

    private static void answer(Model model, String from, String to) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                        new InputStreamReader(new FileInputStream(from), StandardCharsets.UTF_8));
                PrintStream out = new PrintStream(new FileOutputStream(to), false, "UTF-8")) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Prediction got = model.predict((String) Json.parse(line));
                List<Object> spans = new ArrayList<Object>();
                for (Span span : got.spans) {
                    Map<String, Object> row = new LinkedHashMap<String, Object>();
                    row.put("label", span.labelIndex);
                    row.put("bytes", list(span.startByte, span.endByte));
                    row.put("text", got.text.substring(span.start, span.end));
                    spans.add(row);
                }
                Map<String, Object> object = new LinkedHashMap<String, Object>();
                object.put("intent", got.intentIndex);
                object.put("score", got.score);
                if (got.inScope != null) {
                    object.put("in_scope", got.inScope);
                }
                object.put("spans", spans);
                object.put("truncated", got.truncated);
                out.println(Json.write(object));
            }
        }
    }

    private static List<Integer> list(int start, int end) {
        List<Integer> pair = new ArrayList<Integer>();
        pair.add(start);
        pair.add(end);
        return pair;
    }
}
