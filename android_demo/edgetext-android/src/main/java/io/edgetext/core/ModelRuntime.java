package io.edgetext.core;

/** One loaded artifact in one inference engine. Calls come from one thread at a time. */
public interface ModelRuntime {
    /** The engine's name, for people and for the benchmark's report. */
    String name();

    /** UTF-8 JSON: the artifact's description. */
    byte[] metadata();

    /** UTF-8 JSON: the artifact's golden examples. */
    byte[] golden();

    /**
     * Answer one text.
     *
     * @param metadata which outputs the model has
     * @throws Exception whatever the engine throws; {@link Model} turns it into a sentence
     */
    RawOutput run(byte[] text, Metadata metadata) throws Exception;

    void close();
}
