package io.edgetext.core;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers vector files that Python wrote, for Python to compare: {@code VectorRunner FILE...} prints
 * one JSON list a file. A vector is an object with "kind" and that kind's inputs; an answer is what
 * the core gave, or {"error": sentence}.
 */
public final class VectorRunner {
    private VectorRunner() {}

    public static void main(String[] files) throws IOException {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (String file : files) {
            byte[] json = Files.readAllBytes(new File(file).toPath());
            List<Object> answers = new ArrayList<Object>();
            for (Object vector : (List<?>) Json.parse(new String(json, StandardCharsets.UTF_8))) {
                answers.add(answer((Map<?, ?>) vector));
            }
            out.println(Json.write(answers));
        }
    }

    private static Object answer(Map<?, ?> vector) throws IOException {
        try {
            String kind = (String) vector.get("kind");
            if (kind.equals("offsets")) {
                return offsets(vector);
            }
            if (kind.equals("metadata")) {
                return metadata(vector);
            }
            if (kind.equals("decode")) {
                return decode(vector);
            }
            if (kind.equals("redacted")) {
                return redacted(vector);
            }
            if (kind.equals("replay")) {
                return replay(vector);
            }
            if (kind.equals("file")) {
                ArtifactFile.check(
                        new File((String) vector.get("path")), (String) vector.get("sha256"));
                return "ok";
            }
            if (kind.equals("props")) {
                return props(new File((String) vector.get("path")));
            }
            if (kind.equals("json")) {
                return Json.parse((String) vector.get("source"));
            }
            if (kind.equals("latency")) {
                return latency(vector);
            }
            throw new AssertionError("no such kind: " + kind);
        } catch (EdgeTextException | IllegalArgumentException error) {
            Map<String, Object> answer = new LinkedHashMap<String, Object>();
            answer.put("error", error.getMessage());
            answer.put("type", error.getClass().getSimpleName());
            return answer;
        }
    }

    private static Object offsets(Map<?, ?> vector) {
        EncodedText text = new EncodedText((String) vector.get("text"));
        Map<String, Object> answer = new LinkedHashMap<String, Object>();
        answer.put("bytes", integers(text.input(Integer.MAX_VALUE)));
        List<Object> ranges = new ArrayList<Object>();
        for (Object range : (List<?>) vector.get("ranges")) {
            int start = integer(((List<?>) range).get(0));
            int end = integer(((List<?>) range).get(1));
            try {
                text.checkRange(start, end);
                ranges.add(Arrays.asList(text.start(start), text.end(end)));
            } catch (EdgeTextException error) {
                ranges.add(error.getMessage());
            }
        }
        answer.put("ranges", ranges);
        return answer;
    }

    private static Object metadata(Map<?, ?> vector) {
        Metadata metadata =
                Metadata.read(((String) vector.get("json")).getBytes(StandardCharsets.UTF_8));
        Map<String, Object> answer = new LinkedHashMap<String, Object>();
        answer.put("task", metadata.task());
        answer.put("name", metadata.name());
        answer.put("intents", metadata.intents());
        answer.put("slots", metadata.slots());
        answer.put("max_bytes", metadata.maxBytes());
        answer.put("oldest_runtime", metadata.oldestRuntime());
        if (vector.containsKey("here")) {
            metadata.checkRuntime("model.onnx", "ONNX Runtime", (String) vector.get("here"));
        }
        return answer;
    }

    private static Object props(File file) {
        Map<String, Object> answer = new LinkedHashMap<String, Object>();
        for (Map.Entry<String, byte[]> entry : OnnxFile.metadata(file).entrySet()) {
            answer.put(entry.getKey(), new String(entry.getValue(), StandardCharsets.UTF_8));
        }
        return answer;
    }

    private static Object decode(Map<?, ?> vector) {
        Scripted engine = new Scripted(vector);
        Prediction got = new Model(engine, System.nanoTime()).predict((String) vector.get("text"));
        Map<String, Object> answer = new LinkedHashMap<String, Object>();
        answer.put("sent", engine.sent.size() == 1 ? engine.sent.get(0) : null);
        answer.put("intent", got.intent);
        answer.put("score", got.score);
        answer.put("truncated", got.truncated);
        answer.put("in_scope", got.inScope);
        List<Object> spans = new ArrayList<Object>();
        for (Span span : got.spans) {
            spans.add(Arrays.asList(span.label, span.start, span.end,
                    got.text.substring(span.start, span.end)));
        }
        answer.put("spans", spans);
        if (got.labels != null) {
            List<Object> labels = new ArrayList<Object>();
            for (Label label : got.labels) {
                labels.add(Arrays.asList(label.name, label.score));
            }
            answer.put("labels", labels);
        }
        answer.put("redacted", Redaction.of(got));
        return answer;
    }

    private static Object redacted(Map<?, ?> vector) {
        List<Piece> pieces = new ArrayList<Piece>();
        for (Object each : (List<?>) vector.get("spans")) {
            Map<?, ?> span = (Map<?, ?>) each;
            int start = integer(span.get("start"));
            pieces.add(new Piece((String) span.get("label"), start, integer(span.get("end"))));
        }
        List<String> labels = new ArrayList<String>();
        for (Object label : (List<?>) vector.get("labels")) {
            labels.add((String) label);
        }
        Map<String, Object> answer = new LinkedHashMap<String, Object>();
        answer.put("redacted", Redaction.of((String) vector.get("text"), pieces, labels));
        return answer;
    }

    private static Object replay(Map<?, ?> vector) {
        Replay replay = new Model(new Scripted(vector), System.nanoTime()).verify();
        Map<String, Object> answer = new LinkedHashMap<String, Object>();
        answer.put("passed", replay.passed);
        answer.put("total", replay.total);
        answer.put("is_passed", replay.isPassed());
        answer.put("failures", replay.failures);
        return answer;
    }

    private static Object latency(Map<?, ?> vector) {
        Latency latency = new Latency(integer(vector.get("last")));
        for (Object nanos : (List<?>) vector.get("nanos")) {
            latency.add((Long) nanos);
        }
        List<Object> answer = new ArrayList<Object>();
        for (Object percent : (List<?>) vector.get("percents")) {
            answer.add(latency.percentile(((Number) percent).doubleValue()));
        }
        return answer;
    }

    private static int integer(Object number) {
        return ((Number) number).intValue();
    }

    private static List<Integer> integers(byte[] bytes) {
        List<Integer> list = new ArrayList<Integer>();
        for (byte value : bytes) {
            list.add(value & 0xFF);
        }
        return list;
    }

    /** An engine that gives the vector's outputs, one a call, and keeps what it was sent. */
    private static final class Scripted implements ModelRuntime {
        final List<Object> sent = new ArrayList<Object>();
        private final Map<?, ?> vector;
        private int calls;

        Scripted(Map<?, ?> vector) {
            this.vector = vector;
        }

        @Override
        public String name() {
            return "Scripted";
        }

        @Override
        public byte[] metadata() {
            return Json.write(vector.get("metadata")).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] golden() {
            Object golden = vector.get("golden");
            String json = golden instanceof String ? (String) golden : Json.write(golden);
            return json.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public RawOutput run(byte[] text, Metadata metadata) throws Exception {
            sent.add(integers(text));
            Map<?, ?> output = (Map<?, ?>) ((List<?>) vector.get("outputs")).get(calls++);
            if (output.containsKey("throws")) {
                throw new Exception((String) output.get("throws"));
            }
            List<?> numbers = (List<?>) output.get("scores");
            float[] scores = new float[numbers.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = ((Number) numbers.get(i)).floatValue();
            }
            List<?> rows = (List<?>) output.get("spans");
            int[] spans = new int[rows.size()];
            for (int i = 0; i < spans.length; i++) {
                spans[i] = integer(rows.get(i));
            }
            return new RawOutput(scores, metadata.hasSpans() ? spans : new int[0],
                    (Boolean) output.get("truncated"),
                    metadata.hasInScope() ? integer(output.get("in_scope")) != 0 : null);
        }

        @Override
        public void close() {}
    }
}
