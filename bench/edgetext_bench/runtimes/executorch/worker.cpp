// Answers texts in ExecuTorch's C++ runtime, as a host without Python and PyTorch does.
//
//     worker MODEL < texts.json > answers.jsonl
//
// Built by native.py from what the wheel of ExecuTorch 1.5 has in include/ and lib/. Texts and answers
// are those of ../onnxruntime/worker.py.

#include <executorch/extension/module/module.h>
#include <executorch/extension/tensor/tensor.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using executorch::aten::ScalarType;
using executorch::aten::Tensor;
using executorch::extension::from_blob;
using executorch::extension::Module;
using executorch::runtime::Error;
using executorch::runtime::EValue;

using Texts = std::vector<std::string>;

namespace {

std::string from_base64(const std::string& text) {
  static const std::string digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (char c : text) {
    const auto digit = digits.find(c);
    if (digit == std::string::npos) {
      break;  // "=", which fills the last group up
    }
    bits = bits << 6 | static_cast<uint32_t>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xff);
    }
  }
  return bytes;
}

// The strings between two places of JSON in which none has an escape.
Texts strings(const std::string& json, size_t from, size_t to) {
  Texts found;
  for (size_t open = json.find('"', from); open < to; open = json.find('"', from)) {
    const size_t close = json.find('"', open + 1);
    found.push_back(json.substr(open + 1, close - open - 1));
    from = close + 1;
  }
  return found;
}

// [["base64", ...], ...]
std::vector<Texts> questions(const std::string& json) {
  std::vector<Texts> rows;
  for (size_t open = json.find('[', 1); open != std::string::npos;) {
    const size_t close = json.find(']', open);
    Texts row;
    for (const auto& text : strings(json, open, close)) {
      row.push_back(from_base64(text));
    }
    rows.push_back(row);
    open = json.find('[', close);
  }
  return rows;
}

void say_error(const std::string& words) {
  std::printf("{\"error\": \"%s\"}\n", words.c_str());
  std::fflush(stdout);
}

std::string in_words(const char* what, Error error) {
  return std::string(what) + ": error " + std::to_string(static_cast<int>(error));
}

template <typename T>
void put_numbers(const Tensor& tensor, std::string& line) {
  const T* data = tensor.const_data_ptr<T>();
  for (ssize_t i = 0; i < tensor.numel(); i++) {
    line += i ? ", " : "";
    if constexpr (std::is_floating_point_v<T>) {
      char number[32];
      std::snprintf(number, sizeof number, "%.9g", static_cast<double>(data[i]));
      line += std::isfinite(data[i]) ? number : "null";
    } else {
      line += std::to_string(data[i]);
    }
  }
}

std::string as_json(const Tensor& tensor) {
  std::string line = "{\"dims\": [";
  for (ssize_t i = 0; i < tensor.dim(); i++) {
    line += (i ? ", " : "") + std::to_string(tensor.size(i));
  }
  line += "], \"type\": \"";
  std::string numbers;
  switch (tensor.scalar_type()) {
    case ScalarType::Float:
      line += "float32";
      put_numbers<float>(tensor, numbers);
      break;
    case ScalarType::Int:
      line += "int32";
      put_numbers<int32_t>(tensor, numbers);
      break;
    case ScalarType::Long:
      line += "int64";
      put_numbers<int64_t>(tensor, numbers);
      break;
    case ScalarType::Byte:
      line += "uint8";
      put_numbers<uint8_t>(tensor, numbers);
      break;
    default:
      line += "unknown";
  }
  return line + "\", \"data\": [" + numbers + "]}";
}

// The names of the outputs, of the metadata that a constant method gives.
Texts output_names(Module& module) {
  const auto about = module.execute("edgetext");
  if (!about.ok()) {
    return {};
  }
  const Tensor bytes = about->at(0).toTensor();
  const std::string json(
      reinterpret_cast<const char*>(bytes.const_data_ptr<uint8_t>()), bytes.numel());
  const size_t open = json.find('[', json.find("\"outputs\""));
  return open == std::string::npos ? Texts{} : strings(json, open, json.find(']', open));
}

void answer(Module& module, const Texts& names, size_t takes, Texts texts) {
  std::vector<executorch::extension::TensorPtr> given;
  std::vector<EValue> inputs;
  for (auto& text : texts) {
    given.push_back(from_blob(
        text.data(), {1, static_cast<int>(text.size())}, ScalarType::Byte));
    inputs.push_back(given.back());
  }
  auto read = module.execute("tokenize", inputs);
  if (!read.ok()) {
    return say_error(in_words("The model could not be run: tokenize", read.error()));
  }
  // `forward` may work in the memory that `truncated` stands in.
  const std::string truncated = as_json(read->back().toTensor());
  auto outputs =
      module.execute("forward", std::vector<EValue>(read->begin(), read->begin() + takes));
  if (!outputs.ok()) {
    return say_error(in_words("The model could not be run: forward", outputs.error()));
  }
  if (outputs->size() + 1 != names.size()) {
    return say_error("The model could not be run: another number of outputs than it says");
  }
  std::string line = "{\"outputs\": {";
  for (size_t i = 0; i < names.size(); i++) {
    line += (i ? ", \"" : "\"") + names[i] + "\": ";
    line += i < outputs->size() ? as_json(outputs->at(i).toTensor()) : truncated;
  }
  std::printf("%s}}\n", line.c_str());
  // At once: what follows may end the process.
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string json(std::istreambuf_iterator<char>(std::cin), {});
  const auto rows = questions(json);
  Module module(count > 1 ? arguments[1] : "");
  Error error = module.load(executorch::runtime::Program::Verification::InternalConsistency);
  for (const char* method : {"tokenize", "forward"}) {
    if (error == Error::Ok) {
      error = module.load_method(method);
    }
  }
  const Texts names = error == Error::Ok ? output_names(module) : Texts{};
  if (names.empty()) {
    for (size_t i = 0; i < rows.size(); i++) {
      say_error(in_words("The model could not be loaded", error));
    }
    return 0;
  }
  const size_t takes = module.method_meta("forward")->num_inputs();
  for (const auto& texts : rows) {
    answer(module, names, takes, texts);
  }
}
