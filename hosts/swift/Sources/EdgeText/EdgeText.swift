import CEdgetext

/// A loaded model: `try EdgeText(path: "model.onnx").predict("wake me at 7")`.
///
/// Loading and answering block; call them off the main thread. Several threads may ask one model.
public final class EdgeText: @unchecked Sendable {
    private let model: OpaquePointer

    /// Check and load a file that `edgetext export` wrote.
    ///
    /// - Parameter threads: of the engine within one answer; more than one slow down a small model.
    /// - Throws: `EdgeTextError` where the file is missing, damaged, of a newer contract, or for a
    ///   newer ONNX Runtime than is here.
    public init(path: String, threads: Int = 1) throws {
        var error = edgetext_error()
        guard let opened = edgetext_open(path, Int32(threads), &error) else {
            throw EdgeTextError(error)
        }
        model = opened
    }

    deinit {
        edgetext_close(model)
    }

    /// Answer a text of any length.
    ///
    /// - Throws: `EdgeTextError` where the engine fails or answers outside the contract, and for a
    ///   model that reads two texts.
    public func predict(_ text: String) throws -> Prediction {
        try predict([text])
    }

    /// Answer the texts that the model reads, as many as `inputCount`; spans stand in the last one.
    public func predict(_ texts: [String]) throws -> Prediction {
        var error = edgetext_error()
        var answer = edgetext_answer()
        let bytes = texts.map { Array($0.utf8) }
        guard withTexts(bytes, { edgetext_predict(model, $0, $1, &answer, &error) }) else {
            throw EdgeTextError(error)
        }
        defer { edgetext_answer_free(&answer) }
        return Prediction(
            text: texts.last ?? "",
            intent: intent(answer.intent).map { Label(name: $0, score: answer.score) },
            labels: task == "multi_label" ? labels(answer) : nil,
            spans: UnsafeBufferPointer(start: answer.spans, count: answer.span_count).map(span),
            scores: Array(UnsafeBufferPointer(start: answer.scores, count: answer.score_count)),
            inScope: answer.in_scope < 0 ? nil : answer.in_scope > 0,
            truncated: answer.truncated,
            outputs: UnsafeBufferPointer(start: answer.outputs, count: answer.output_count)
                .compactMap(Output.init)
        )
    }

    /// Replay the golden examples that the file carries.
    ///
    /// - Throws: `EdgeTextError` where they are damaged, or of a task whose answers have no names
    ///   here.
    public func verify() throws -> Replay {
        var error = edgetext_error()
        var passed = 0, total = 0
        var failures: [String] = []
        let note: @convention(c) (
            UnsafeMutableRawPointer?, UnsafePointer<CChar>?, UnsafePointer<CChar>?
        ) -> Void = { list, text, difference in
            guard let list, let text, let difference else { return }
            list.assumingMemoryBound(to: [String].self).pointee
                .append("\"\(String(cString: text))\": \(String(cString: difference))")
        }
        let verified = withUnsafeMutablePointer(to: &failures) {
            edgetext_verify(model, &passed, &total, note, $0, &error)
        }
        guard verified else { throw EdgeTextError(error) }
        return Replay(passed: passed, total: total, failures: failures)
    }

    public var task: String { String(cString: edgetext_task(model)) }

    /// The bytes of a text that the model reads; it cuts a longer one.
    public var maxBytes: Int { edgetext_max_bytes(model) }

    /// How many texts one question has.
    public var inputCount: Int { edgetext_input_count(model) }

    /// The labels of texts, and those of spans.
    public var intents: [String] {
        (0..<Int32(edgetext_intent_count(model))).compactMap(intent)
    }

    public var slots: [String] {
        (0..<Int32(edgetext_slot_count(model))).map { String(cString: edgetext_slot(model, $0)) }
    }

    /// All that the file says of itself, as JSON.
    public var metadata: String { String(cString: edgetext_metadata(model)) }

    /// The release of ONNX Runtime that answers.
    public static var runtimeRelease: String { String(cString: edgetext_runtime_release()) }

    private func intent(_ number: Int32) -> String? {
        edgetext_intent(model, number).map { String(cString: $0) }
    }

    private func labels(_ answer: edgetext_answer) -> [Label] {
        UnsafeBufferPointer(start: answer.scores, count: answer.score_count).enumerated()
            .filter { $0.element >= 0.5 }
            .sorted { $0.element > $1.element }
            .compactMap { each in
                intent(Int32(each.offset)).map { Label(name: $0, score: each.element) }
            }
    }

    private func span(_ span: edgetext_span) -> Span {
        Span(
            label: String(cString: edgetext_slot(model, span.label)),
            bytes: span.start..<span.end,
            score: span.score.isNaN ? nil : span.score
        )
    }
}

/// Call with the texts as C takes them, which stay where they are for the time of the call.
private func withTexts(
    _ texts: [[UInt8]], _ call: (UnsafePointer<edgetext_text>?, Int) -> Bool
) -> Bool {
    func add(_ given: [edgetext_text]) -> Bool {
        guard given.count < texts.count else {
            return given.withUnsafeBufferPointer { call($0.baseAddress, $0.count) }
        }
        return texts[given.count].withUnsafeBytes { bytes in
            add(given + [edgetext_text(data: bytes.baseAddress, size: bytes.count)])
        }
    }
    return add([])
}

extension EdgeTextError {
    init(_ error: edgetext_error) {
        description = withUnsafeBytes(of: error.text) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

extension Output {
    /// `nil` for a type that no file has.
    init?(_ output: edgetext_output) {
        func read<Element>(_: Element.Type) -> [Element] {
            let start = output.data?.assumingMemoryBound(to: Element.self)
            return Array(UnsafeBufferPointer(start: start, count: start == nil ? 0 : output.count))
        }
        switch output.type {
        case EDGETEXT_FLOAT32: values = .float(read(Float.self))
        case EDGETEXT_INT32: values = .int32(read(Int32.self))
        case EDGETEXT_INT64: values = .int64(read(Int64.self))
        case EDGETEXT_UINT8: values = .uint8(read(UInt8.self))
        default: return nil
        }
        name = String(cString: output.name)
        shape = UnsafeBufferPointer(start: output.shape, count: output.rank).map(Int.init)
    }
}
