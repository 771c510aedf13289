"""Files of ai.onnx's own operators alone, for engines of every maker."""
