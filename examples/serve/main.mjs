// node main.mjs RUN [DATA [options of tidu train]]: serves a run on PORT, 8080 unless that is set.
import { makeService } from "./service.mjs";

const [folder, ...training] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node main.mjs RUN [DATA [options of tidu train]]");
  process.exit(2);
}
const server = await makeService(folder, training);
// Only this machine: who may train, and who may ask, is for a server in front of this one to say.
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${port}`);
});
