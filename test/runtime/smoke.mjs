// A little of everything, for whatever runs JavaScript: prints what it came to and leaves by itself.
import { grad, loss, nn, optim, setDevice, Trainer, tensor, WasmDevice } from "tidu";
import { dataset } from "tidu/data";

const device = new WasmDevice({ threads: 3 });
setDevice(device);
await device.ready();
const { threads } = device;
const sum = await tensor([1, 2]).sum().item();
const product = await tensor(
  Float32Array.from({ length: 16384 }, (_, i) => i % 7),
  [128, 128],
)
  .matmul(tensor(new Float32Array(16384).fill(1), [128, 128]))
  .sum()
  .item();
const x = tensor([3]);
const [slope] = grad(x.mul(x).sum(), [x]);
const net = nn.sequential(nn.linear(2, 8), nn.tanh(), nn.linear(8, 2));
const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.1 }) });
const data = dataset(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), [2], Uint8Array.of(0, 1, 1, 0));
let accuracy = 0;
for await (const epoch of trainer.fit(data, { epochs: 100 })) accuracy = epoch.accuracy ?? 0;
console.log(JSON.stringify({ threads, sum, product, slope: await slope.item(), accuracy }));
