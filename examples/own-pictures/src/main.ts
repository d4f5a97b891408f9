// The page: kinds of pictures are gathered, learned and asked for.
import { type Backbone, digitBackbone, onnxBackbone } from "./backbone.js";
import { Camera } from "./camera.js";
import { type Classifier, learn } from "./head.js";
import { Kinds } from "./kinds.js";
import { numbersOf, readPicture } from "./pictures.js";

const FILE = new URL("../../draw-a-digit/src/digits.safetensors", import.meta.url);

const byId = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
const say = (text: string): void => void (byId("state").textContent = text);
const fail = (error: unknown): void => say(`This does not work: ${(error as Error).message}`);

let backbone: Backbone | undefined;
/** What was learned, with the names of the kinds. */
let learned: { readonly classify: Classifier; readonly names: readonly string[]; readonly from: Backbone } | undefined;

const camera = new Camera(byId<HTMLVideoElement>("view"));
const kinds = new Kinds(byId("kinds"), () => camera.see(), fail);
kinds.add();
kinds.add();

/** Does something on a click; what goes wrong is said. */
function on(id: string, event: "click" | "change", what: (target: HTMLElement) => unknown): void {
  const target = byId(id);
  target.addEventListener(event, async () => {
    try {
      await what(target);
    } catch (error) {
      fail(error);
    }
  });
}

on("add", "click", (button) => void ((button as HTMLButtonElement).disabled = !kinds.add()));

on("camera", "click", async (button) => {
  const isOn = button.ariaPressed !== "true";
  await camera.turn(isOn);
  button.ariaPressed = String(isOn);
  kinds.useCamera(isOn);
  byId("look").hidden = !isOn;
});

on("network", "change", async (input) => {
  const files = Array.from((input as HTMLInputElement).files ?? []);
  (input as HTMLInputElement).value = "";
  if (files.length === 0) return;
  say("Reading …");
  backbone = await readBackbone(files);
  learned = undefined;
  ready();
});

/** An ONNX file; or a model.json of TensorFlow.js, and the files of its weights. */
async function readBackbone(files: readonly File[]): Promise<Backbone> {
  const { importOnnx, importTfjs } = await import("@tidu/onnx");
  const bytes = new Map<string, Uint8Array>();
  for (const file of files) bytes.set(file.name, new Uint8Array(await file.arrayBuffer()));
  const name = files.find((file) => file.name.endsWith(".json"))?.name ?? files[0].name;
  const model = bytes.get(name) as Uint8Array;
  const options = { file: name, external: bytes };
  return onnxBackbone(name.endsWith(".json") ? importTfjs(model, options) : importOnnx(model, options), name);
}

on("learn", "click", async () => {
  const from = backbone;
  if (from === undefined) return;
  const given = kinds.all.filter(({ pictures }) => pictures.length > 0);
  if (given.length < 2) return say("Give pictures of two kinds or more.");
  say("Learning …");
  const begun = performance.now();
  const pictures = given.flatMap((kind, k) => kind.pictures.map((picture) => ({ k, picture })));
  const numbers = pictures.map(({ picture }) => numbersOf(picture, from.shape));
  const classify = await learn(
    from,
    numbers,
    pictures.map(({ k }) => k),
    given.length,
  );
  learned = { classify, names: given.map(({ name }) => name), from };
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  say(`Learned ${given.length} kinds from ${pictures.length} pictures in ${seconds} s.`);
});

on("ask", "change", async (input) => {
  const files = Array.from((input as HTMLInputElement).files ?? []);
  (input as HTMLInputElement).value = "";
  byId("answers").replaceChildren();
  for (const file of files) await answer(file.name, await readPicture(file));
});

on("look", "click", async () => {
  const picture = camera.see();
  byId("answers").replaceChildren();
  if (picture !== undefined) await answer("The camera", picture);
});

async function answer(what: string, picture: OffscreenCanvas): Promise<void> {
  if (learned === undefined) return say("Learn first.");
  const shares = await learned.classify(numbersOf(picture, learned.from.shape));
  const best = shares.indexOf(Math.max(...shares));
  const row = document.createElement("li");
  row.textContent = `${what}: ${learned.names[best]} (${Math.round(100 * shares[best])} %)`;
  byId("answers").append(row);
}

const ready = (): void => say(`Ready, with ${backbone?.name}.`);

try {
  const response = await fetch(FILE);
  if (!response.ok) throw new Error(`the network could not be fetched: ${response.status} ${response.statusText}`);
  backbone = digitBackbone(new Uint8Array(await response.arrayBuffer()));
  ready();
} catch (error) {
  fail(error);
}
