// npm start: a run to watch. What is typed after `npm start --` comes last and wins.
import { runAsProcess } from "./program.js";

const SETTINGS =
  "train mnist --model lenet --epochs 3 --batch-size 64 --optimizer sgd --lr 0.02 --schedule linear --l2 1e-4 --validation 0.1 --seed 1";

runAsProcess([...SETTINGS.split(" "), ...process.argv.slice(2)]);
