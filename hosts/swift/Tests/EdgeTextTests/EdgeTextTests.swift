import Foundation
import XCTest

@testable import EdgeText

/// Over a file that lies in the repository, and the vectors that all hosts answer.
final class EdgeTextTests: XCTestCase {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../..").standardizedFileURL
    static let file = root.appendingPathComponent("tests/files/0.1/joint-int8.onnx").path

    var model: EdgeText!

    override func setUpWithError() throws {
        model = try EdgeText(path: Self.file)
    }

    func testAnswersOfATextWithAccents() throws {
        let answer = try model.predict("find a room in Zürich tomorrow")
        XCTAssertEqual(answer.intent?.name, "hotel")
        XCTAssertEqual(answer.intent!.score, 0.9968, accuracy: 0.01)
        XCTAssertEqual(answer.spans.map(\.label), ["city", "city"])
        XCTAssertEqual(answer.spans.map { String(answer.words($0)) }, ["Zürich", "tomorrow"])
        XCTAssertEqual(answer.spans[0].bytes, 15..<22)
        XCTAssertEqual(answer.scores.reduce(0, +), 1, accuracy: 1e-4)
        XCTAssertFalse(answer.truncated)
    }

    func testGoldenExamplesAreAnsweredAlike() throws {
        let replay = try model.verify()
        XCTAssertEqual(replay.total, 15)
        XCTAssertEqual(replay.failures, [])
        XCTAssertTrue(replay.isPassed)
    }

    func testSpansOfOddTextsAreWithinThem() throws {
        let vectors = try JSONSerialization.jsonObject(
            with: Data(contentsOf: Self.root.appendingPathComponent("tests/vectors/decode.json")))
        let texts = (vectors as! [[String: Any]]).compactMap { $0["text"] as? String }
        XCTAssertGreaterThan(texts.count, 20)
        for text in texts {
            let answer = try model.predict(text + " in Zürich 🇨🇭")
            for span in answer.spans {
                XCTAssertEqual(Array(answer.words(span).utf8),
                               Array(Array(answer.text.utf8)[span.bytes]), text)
            }
        }
    }

    func testEmptyAndLongTexts() throws {
        XCTAssertEqual(try model.predict("").scores, try model.predict(" ").scores)
        let long = try model.predict(String(repeating: "é", count: model.maxBytes))
        XCTAssertTrue(long.truncated)
    }

    func testTensorsComeAsTheyAre() throws {
        let outputs = try model.predict("a room").outputs
        XCTAssertEqual(outputs.map(\.name), ["scores", "spans", "truncated"])
        XCTAssertEqual(outputs[0].shape, [1, model.intents.count])
        XCTAssertEqual(outputs[2].values, .int32([0]))
    }

    func testDescription() {
        XCTAssertEqual(model.task, "joint")
        XCTAssertEqual(model.slots, ["city", "day"])
        XCTAssertTrue(model.metadata.contains("\"contract\": 1"))
    }

    func testWrongNumberOfTextsIsASentence() {
        XCTAssertThrowsError(try model.predict(["a", "b"])) {
            XCTAssertTrue("\($0)".contains("reads 1 text(s) and was given 2"), "\($0)")
        }
    }

    func testFilesThatCannotBeReadAreSentences() throws {
        let folder = FileManager.default.temporaryDirectory
        var changed = try Data(contentsOf: URL(fileURLWithPath: Self.file))
        changed[1000] ^= 1
        let cases: [(String, Data, String)] = [
            ("changed.onnx", changed, "is not the file that was exported"),
            ("cut.onnx", changed.dropLast(), "cut short"),
            ("empty.onnx", Data(), "is empty"),
        ]
        for (name, content, words) in cases {
            let path = folder.appendingPathComponent(name)
            try content.write(to: path)
            XCTAssertThrowsError(try EdgeText(path: path.path)) {
                XCTAssertTrue("\($0)".contains(words) && "\($0)".contains(name), "\($0)")
            }
        }
        XCTAssertThrowsError(try EdgeText(path: "missing.onnx")) {
            XCTAssertTrue("\($0)".contains("cannot be opened"), "\($0)")
        }
    }

    func testSeveralThreadsMayAsk() {
        let model = self.model!
        let expected = try! model.predict("a cheap hotel in Rome?").scores
        DispatchQueue.concurrentPerform(iterations: 40) { _ in
            XCTAssertEqual(try? model.predict("a cheap hotel in Rome?").scores, expected)
        }
    }
}
