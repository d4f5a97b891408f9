// Measures a card's basic costs: dispatches, submissions, reading back, memory.
import { compile, tensor, Variable, zeros } from "tidu";
import { open } from "./open.mjs";
import { each, SMALL, say } from "./time.mjs";

const device = await open();
const { gpu } = device;
say({
  section: "adapter",
  device: device.description,
  features: [...device.adapter.features],
  limits: Object.fromEntries(
    [
      "maxStorageBuffersPerShaderStage",
      "maxStorageBufferBindingSize",
      "maxBufferSize",
      "maxComputeWorkgroupStorageSize",
      "maxComputeInvocationsPerWorkgroup",
      "minStorageBufferOffsetAlignment",
    ].map((name) => [name, /** @type {any} */ (gpu.limits)[name]]),
  ),
});

const finish = () => device.finish();
const module = gpu.createShaderModule({
  code: "@group(0) @binding(0) var<storage, read_write> a: array<f32>; @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) i: vec3<u32>) { a[i.x] += 1.0; }",
});
const pipeline = await gpu.createComputePipelineAsync({ layout: "auto", compute: { module, entryPoint: "main" } });
const buffer = gpu.createBuffer({ size: 4096, usage: 128 | 4 | 8 });
const group = gpu.createBindGroup({
  layout: pipeline.getBindGroupLayout(0),
  entries: [{ binding: 0, resource: { buffer } }],
});
const dispatches = (/** @type {number} */ count, /** @type {number} */ submissions) => () => {
  for (let s = 0; s < submissions; s++) {
    const encoder = gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < count / submissions; i++) pass.dispatchWorkgroups(1);
    pass.end();
    gpu.queue.submit([encoder.finish()]);
  }
};
const cost = async (/** @type {number} */ count, /** @type {number} */ submissions) => {
  const submit = dispatches(count, submissions);
  const call = async () => {
    submit();
    await finish();
  };
  return ((await each(call, finish, 0.4)) / count) * 1000;
};
say({ section: "costs", what: "dispatch, 1000 in one submission", microseconds: await cost(1000, 1) });
say({ section: "costs", what: "dispatch, 16 in each submission", microseconds: await cost(1024, 64) });
say({ section: "costs", what: "dispatch, 1 in each submission", microseconds: await cost(100, 100) });

const small = await tensor([1, 2, 3]).realize();
const next = new Variable(zeros([3]));
const step = compile((x) => next.assign(x.add(1)));
const sum = compile((x) => x.sum());
await step(small);
const read = async () => {
  await step(small);
  await next.data();
};
say({ section: "costs", what: "a step, and reading a variable", microseconds: 1000 * (await each(read, finish, 0.4)) });
const result = async () => void (await (await sum(small)).item());
say({ section: "costs", what: "a step, and its small result", microseconds: 1000 * (await each(result, finish, 0.4)) });
say({ section: "costs", what: "a step alone", microseconds: 1000 * (await each(() => step(small), finish, 0.4)) });

for (const size of SMALL ? [1 << 16] : [1 << 22, 1 << 26]) {
  const x = await zeros([size]).realize();
  const y = new Variable(zeros([size]));
  const copy = compile((/** @type {any} */ v) => y.assign(v.mul(2)));
  const add = compile((/** @type {any} */ v) => v.sum());
  const rows = await zeros([size / 1024, 1024]).realize();
  const byRow = compile((/** @type {any} */ v) => v.sum(1));
  const byColumn = compile((/** @type {any} */ v) => v.sum(0));
  const rate = async (/** @type {string} */ what, /** @type {() => unknown} */ call, /** @type {number} */ bytes) => {
    const milliseconds = await each(call, finish, 0.5);
    say({ section: "memory", what, size, milliseconds, gigabytes: bytes / milliseconds / 1e6 });
  };
  await rate("y = 2 x", () => copy(x), 8 * size);
  await rate("sum of all", () => add(x), 4 * size);
  await rate("sums of rows of 1024", () => byRow(rows), 4 * size);
  await rate("sums of 1024 columns", () => byColumn(rows), 4 * size);
}
process.exit(0);
