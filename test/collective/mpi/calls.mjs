// A process of a job in which one process does not do as the others do; the argument says what.
import { loss, nn, optim, setDevice, Trainer, tensor, WasmDevice } from "tidu";
import { dataset } from "tidu/data";
import { mpi } from "tidu/mpi";

const world = await mpi();
const other = world.rank === 1;
setDevice(new WasmDevice({ threads: 1 }));
const data = dataset(
  Float32Array.from({ length: 80 }, (_, i) => Math.sin(i)),
  [2],
  new Int32Array(40),
);
const net = nn.sequential(nn.linear(2, 4), nn.relu(), nn.linear(4, 2));
const trainer = new Trainer(net, { loss: loss.crossEntropy, optimizer: optim.adam({ lr: 0.01 }), shards: 4, world });
const train = async (options = {}, ends = false) => {
  for await (const _ of trainer.fit(data, { epochs: 3, batchSize: 8, ...options })) if (ends) break;
};

/** @type {Record<string, () => unknown>} */
const courses = {
  throws: () =>
    train({
      onStep: (/** @type {{ step: number }} */ { step }) => other && step === 3 && Promise.reject(new Error("mine")),
    }),
  breaks: () => train({}, other),
  measures: async () => {
    await train();
    if (other) await trainer.evaluate(data);
  },
  freezes: () =>
    train({ onEpoch: (/** @type {number} */ epoch) => other && epoch === 2 && net.children()[0][1].freeze() }),
  leaves: () => (other ? process.exit(0) : train()),
  twice: () => mpi(),
  wide: () => world.allReduce(tensor(Int32Array.of(16_777_217))),
  schedules: () => train({ schedule: () => (other ? 0.02 : 0.01) }),
};
try {
  await courses[process.argv[2]]();
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
} finally {
  await world.close();
}
