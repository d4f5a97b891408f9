// Loads the trained network and predicts digits with it.
import { deserialize, tensor } from "tidu";
import { digitNetwork, toInput } from "./network.js";
import { SIDE } from "./picture.js";

const FILE = new URL("./digits.safetensors", import.meta.url);

/** Says of a picture how likely each digit is: ten shares with a sum of 1. */
export type Classifier = (picture: Float32Array) => Promise<readonly number[]>;

/** Fetches the trained network and compiles it. */
export async function loadClassifier(): Promise<Classifier> {
  const response = await fetch(FILE);
  if (!response.ok) throw new Error(`the network could not be fetched: ${response.status} ${response.statusText}`);
  const net = deserialize(digitNetwork(), new Uint8Array(await response.arrayBuffer()), "digits.safetensors");
  const classify: Classifier = async (picture) => {
    const scores = await net.predict(toInput(tensor(picture, [1, 1, SIDE, SIDE])));
    return [...(await scores.softmax().data())];
  };
  // The first call compiles; better now than at the first digit.
  await classify(new Float32Array(SIDE * SIDE));
  return classify;
}
