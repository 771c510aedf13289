// A screen over one model file: type, and the answer follows.
import { useState } from "react";
import { SafeAreaView, Text, TextInput } from "react-native";
import { redacted, useAnswer, useEdgeText, type Answer } from "../src/index";

const MODEL = "https://example.org/student-int8.onnx";

export default function App() {
  const [text, setText] = useState("wake me up at 7:30 in Zürich");
  const { model, error } = useEdgeText(MODEL);
  const { answer, error: failure } = useAnswer(model, text);
  const problem = error ?? failure;
  return (
    <SafeAreaView>
      <TextInput value={text} onChangeText={setText} accessibilityLabel="text" />
      <Text>{problem ? problem.message : answer ? shown(answer) : "Loading the model…"}</Text>
    </SafeAreaView>
  );
}

function shown(answer: Answer): string {
  switch (answer.task) {
    case "classify":
    case "joint":
      return [answer.intent, ...answer.spans.map(({ label, text }) => `${label}: ${text}`)].join(
        "\n",
      );
    case "tag":
      return redacted(answer);
    default:
      return JSON.stringify(answer);
  }
}
