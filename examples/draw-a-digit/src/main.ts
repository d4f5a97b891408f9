// The page: a drawing is classified whenever it changes.
import { Answer } from "./answer.js";
import { type Classifier, loadClassifier } from "./classifier.js";
import { Paper } from "./paper.js";
import { pictureOf } from "./picture.js";
import { SAMPLES } from "./samples.js";
import type { Stroke } from "./strokes.js";

const byId = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;

const answer = new Answer(byId("answer"), byId("scores"));
const paper = new Paper(byId<HTMLCanvasElement>("paper"), (strokes) => void look(strokes));

let classify: Classifier | undefined;
/** What is on the paper now; an answer to anything older comes too late. */
let latest: readonly Stroke[] = [];

async function look(strokes: readonly Stroke[]): Promise<void> {
  latest = [...strokes];
  if (classify === undefined) return;
  if (strokes.length === 0) return answer.say("Draw a digit.");
  const asked = latest;
  const shares = await classify(pictureOf(strokes));
  if (asked === latest) answer.show(shares);
}

let next = 0;
byId("clear").addEventListener("click", () => paper.show([]));
byId("sample").addEventListener("click", () => paper.show(SAMPLES[next++ % SAMPLES.length]));

try {
  classify = await loadClassifier();
  await look(latest);
} catch (error) {
  answer.say(`This does not work here: ${(error as Error).message}`);
}
