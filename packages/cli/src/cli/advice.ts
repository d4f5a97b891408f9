// The library advises those who write code; a command says the same in options and commands.

/** What the library says, with what a command says in its place. */
export const ADVICE = [
  ["use WasmDevice", "give --device wasm"],
  ["use the WebAssembly device", "give --device wasm"],
  [
    "pass { software: true } to use it all the same",
    "give --device wasm, or install the driver of the graphics card (Vulkan on Linux)",
  ],
  ["make a new device and go on from the last checkpoint", "go on from the last checkpoint by tidu resume"],
  ["load the weights again before you continue", "go on from the last checkpoint by tidu resume"],
  ["use a smaller batch or model, or detach() a tensor that a loop carries on", "use a smaller batch or model"],
  ["use larger batches, or dropLast", "give another --batch-size"],
  ["fit: batchSize ", "--batch-size "],
  ["Trainer: there are ", "--shards: there are "],
  ["or set shards to at least ", "or give --shards at least "],
  ["exportOnnx: ", "--format onnx: "],
  [
    "export it for one number, as in exportOnnx(net, shape, { batchSize: 1 })",
    "use --format c or wasm, which are for one number",
  ],
  ["use loadOnnx of @tidu/onnx", "give it as --from"],
  [
    "use loadTfjs of @tidu/onnx, or pass the path of an index of safetensors",
    "give it as --from, or the index of safetensors",
  ],
] as const;

/** An error's message for those who use commands. */
export const inCommands = (message: string): string =>
  ADVICE.reduce((text, [coded, said]) => text.replace(coded, said), message);
