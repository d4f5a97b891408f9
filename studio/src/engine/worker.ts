// The Web Worker that trains: it does what the page's messages ask for, one after the other, and between steps looks
// whether there are new ones.
import { useCores } from "./device.js";
import { Devices } from "./devices.js";
import { Player } from "./player.js";
import type { Reply, Request } from "./protocol.js";

const send = (reply: Reply): void => self.postMessage(reply);
const player = new Player(send, new Devices(useCores()));
const requests: Request[] = [];
let busy = false;

self.addEventListener("message", ({ data }: MessageEvent<Request>) => {
  requests.push(data);
  if (!busy) void work();
});

async function work(): Promise<void> {
  busy = true;
  for (;;) {
    const request = requests.shift();
    if (request === undefined && !player.hasWork) break;
    try {
      if (request === undefined) await player.work();
      else await player.handle(request);
    } catch (error) {
      await player.fail(error);
    }
    await turn();
  }
  busy = false;
}

/** Lets messages come in: those of a channel have their turn with those of the page. */
const channel = new MessageChannel();
const turn = (): Promise<void> =>
  new Promise((done) => {
    channel.port1.onmessage = () => done();
    channel.port2.postMessage(undefined);
  });
