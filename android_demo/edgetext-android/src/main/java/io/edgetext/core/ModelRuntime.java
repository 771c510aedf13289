package io.edgetext.core;

/** One loaded artifact in one inference engine. Calls come from one thread at a time. */
public interface ModelRuntime {
    /**
     * The engine's name, for people and for the benchmark's report.
     *
     * @return such as "ExecuTorch"
     */
    String name();

    /**
     * The artifact's description.
     *
     * @return JSON in UTF-8
     */
    byte[] metadata();

    /**
     * The artifact's golden examples.
     *
     * @return JSON in UTF-8
     */
    byte[] golden();

    /**
     * Answer one text.
     *
     * @param text UTF-8, of one byte or more
     * @param metadata which outputs the model has
     * @return the model's tensors
     * @throws Exception whatever the engine throws; {@link Model} turns it into a sentence
     */
    RawOutput run(byte[] text, Metadata metadata) throws Exception;

    /** Let go of the model. */
    void close();
}
