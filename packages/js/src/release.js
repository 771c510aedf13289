// Releases of ONNX Runtime, and which of them a file needs.
import { EdgeTextError } from "./errors.js";
import { kindOf } from "./text.js";

/** The numbers that a release begins with: "1.31.0-dev.2026" is 1.31.0. */
export function numbers(release) {
  return /^\d+(\.\d+)*/.exec(release)?.[0].split(".").map(Number) ?? [];
}

/** Refuse what is no module of an onnxruntime package. */
export function refuseOther(runtime) {
  if (runtime?.InferenceSession && runtime.Tensor && runtime.env) return;
  throw new EdgeTextError(
    `The option runtime is the module of an onnxruntime package, not ${kindOf(runtime)}; give ` +
      'what import("onnxruntime-node") or its like gives.',
  );
}

/** The release of a runtime's package; an old one does not tell it. */
export function releaseOf({ env }) {
  const { web, node, common, ...others } = env.versions ?? {};
  return web ?? node ?? others["react-native"] ?? common ?? "an older one";
}

/** Refuse an ONNX Runtime that is older than the file needs: it may end the process when it loads
 * the file, which no catch sees. `here` is its release. */
export function checkRuntime({ oldestRuntime }, name, here) {
  const needed = numbers(oldestRuntime);
  const present = numbers(here);
  for (let i = 0; i < Math.max(needed.length, present.length); i++) {
    const difference = (present[i] ?? 0) - (needed[i] ?? 0);
    if (difference > 0) return;
    if (difference < 0) {
      throw new EdgeTextError(
        `The model "${name}" needs ONNX Runtime ${oldestRuntime} or newer, and this program has ` +
          `${here}; upgrade its onnxruntime package, or export the model again with a newer ` +
          "edgetext.",
      );
    }
  }
}
