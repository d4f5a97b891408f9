// A process that trains a small network on native code and says what came of it, as a line of JSON: the digest of its weights, or the
// error. It takes options as JSON: those of NativeDevice.create, `steps`, and `wasm` for a WasmDevice instead.
import { createHash } from "node:crypto";
import { compile, loss, manualSeed, nn, optim, setDevice, tensor, WasmDevice } from "tidu";
import { NativeDevice } from "tidu/native";

const { steps = 20, wasm = false, ...options } = JSON.parse(process.argv[2] ?? "{}");
try {
  setDevice(wasm ? new WasmDevice(options) : await NativeDevice.create(options));
  manualSeed(1);
  const net = nn.sequential(nn.linear(12, 32), nn.tanh(), nn.dropout(0.2), nn.linear(32, 3));
  const optimizer = optim.adam({ lr: 0.01 });
  const step = compile((x, t) => optimizer.minimize(loss.crossEntropy(net.forward(x), t), net.parameters()));
  const x = tensor(
    Float32Array.from({ length: 32 * 12 }, (_, i) => Math.sin(i * i)),
    [32, 12],
  );
  const t = tensor(Int32Array.from({ length: 32 }, (_, i) => i % 3));
  console.log("begins");
  for (let i = 0; i < steps; i++) await step(x, t);
  const hash = createHash("sha256");
  for (const value of net.state().values()) hash.update(new Uint8Array((await value.data()).buffer));
  console.log(JSON.stringify({ digest: hash.digest("hex") }));
} catch (error) {
  const { name, message } = /** @type {Error} */ (error);
  console.log(JSON.stringify({ error: name, message }));
}
