/// A label of a text, with its probability.
public struct Label: Equatable, Sendable {
    public let name: String
    public let score: Float
}

/// A labeled piece of the text.
public struct Span: Equatable, Sendable {
    public let label: String
    /// In the text's UTF-8 bytes.
    public let bytes: Range<Int>
    /// `nil` in a model that does not say.
    public let score: Float?
}

/// A model's answer to one text.
public struct Prediction: Sendable {
    /// The text as it was given.
    public let text: String
    /// The likeliest label; `nil` in a model without one label a text.
    public let intent: Label?
    /// The labels of the text, the likeliest first; `nil` in a model of at most one.
    public let labels: [Label]?
    public let spans: [Span]
    /// The probabilities of all labels, in the order of the model's.
    public let scores: [Float]
    /// Whether the text is about something that the labels say; `nil` in a file that does not tell.
    public let inScope: Bool?
    /// Whether the text was longer than the model reads, so that its end was not seen.
    public let truncated: Bool
    /// Every tensor of the model, for tasks whose answers have no names here.
    public let outputs: [Output]

    /// The words of a span. A String is valid UTF-8, so that a span's edges are between characters.
    public func words(_ span: Span) -> Substring {
        text[range(span)]
    }

    /// Where a span lies, as `text[…]` and `AttributedString` take it.
    public func range(_ span: Span) -> Range<String.Index> {
        let bytes = text.utf8
        let start = bytes.index(bytes.startIndex, offsetBy: span.bytes.lowerBound)
        return start..<bytes.index(start, offsetBy: span.bytes.count)
    }
}

/// A tensor as the model gave it.
public struct Output: Sendable {
    public enum Values: Equatable, Sendable {
        case float([Float])
        case int32([Int32])
        case int64([Int64])
        case uint8([UInt8])
    }

    public let name: String
    public let shape: [Int]
    public let values: Values
}

/// The outcome of replaying the golden examples.
public struct Replay: Sendable {
    public let passed: Int
    public let total: Int
    /// One line for each example that was answered otherwise.
    public let failures: [String]

    public var isPassed: Bool { total > 0 && passed == total }
}

/// What went wrong, as one sentence that can be shown to the person who uses the app.
public struct EdgeTextError: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String
}
