// Other kinds of model files by their first bytes, with how to convert each.

const KINDS: readonly (readonly [begin: string, what: string])[] = [
  [
    "PK\x03\x04",
    "a zip file, such as PyTorch's .pt or Keras' .keras; in Python, write safetensors.torch.save_file(torch.load(file), ...), or export ONNX",
  ],
  [
    "\x80",
    "a pickle, such as PyTorch's older .pt; in Python, write safetensors.torch.save_file(torch.load(file), ...)",
  ],
  ["\x89HDF", "an HDF5 file, such as Keras' .h5; in Python, export ONNX by tf2onnx"],
  ["GGUF", "a GGUF file of llama.cpp; get the model's safetensors"],
  ["\x08", "a protobuf file, such as ONNX; use loadOnnx of @tidu/onnx"],
  [
    "{",
    "a JSON file, such as TensorFlow.js' model.json; use loadTfjs of @tidu/onnx, or pass the path of an index of safetensors",
  ],
];

/** The kind of a file that does not begin as safetensors, if known. */
export function foreignKind(bytes: Uint8Array): string | undefined {
  const begin = String.fromCharCode(...bytes.subarray(0, 4));
  return KINDS.find(([first]) => begin.startsWith(first))?.[1];
}
