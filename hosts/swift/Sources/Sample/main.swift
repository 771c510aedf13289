// edgetext-sample MODEL.onnx TEXT...: the answer to each text; without a text the golden examples.
import EdgeText

let words = Array(CommandLine.arguments.dropFirst())
guard let path = words.first else {
    fatalError("edgetext-sample MODEL.onnx TEXT...")
}
let model = try EdgeText(path: path)
if words.count == 1 {
    let replay = try model.verify()
    replay.failures.forEach { print($0) }
    print("\(replay.passed) of \(replay.total) golden examples answered alike")
}
for text in words.dropFirst() {
    let answer = try model.predict(text)
    if let intent = answer.intent { print("intent", intent.name, intent.score) }
    for span in answer.spans { print("span", span.label, span.bytes, answer.words(span)) }
}
