// The examples of the playground.
import type { Text } from "../i18n/words.js";
import w from "./gallery.words.js";

/** An example: its settings as an address has them. */
export interface Preset {
  readonly name: string;
  readonly title: Text;
  readonly text: Text;
  readonly address: string;
}

const preset = (name: string, title: Text, text: Text, address: string): Preset => ({ name, title, text, address });

/** Hidden layers of a network that has too many weights for its data. */
const WIDE = (middle: string) => `linear-64_relu${middle}_linear-64_relu${middle}_linear-2`;
const FEW_POINTS = "data=xor&noise=0.4&share=10&optimizer=adam&lr=0.003&batch=20";

/** What the gallery shows. What the sentences claim is tested, for several seeds and long after it is first seen. */
export const PRESETS: readonly Preset[] = [
  preset("line", w.lineTitle, w.line, "data=gauss&net=linear-2"),
  preset("three", w.threeTitle, w.three, "data=spiral&noise=0&net=linear-3_relu_linear-2"),
  preset("spiral", w.spiralTitle, w.spiral, "data=spiral&noise=0.05&lr=0.02&net=linear-16_tanh_linear-8_tanh_linear-2"),
  preset("product", w.productTitle, w.product, "data=xor&noise=0&features=xy&net=linear-2"),
  preset(
    "vanishing",
    w.vanishingTitle,
    w.vanishing,
    `data=circle&optimizer=sgd&lr=0.1&net=${"linear-8_sigmoid_".repeat(6)}linear-2`,
  ),
  preset("overfit", w.overfitTitle, w.overfit, `${FEW_POINTS}&net=${WIDE("")}`),
  preset("dropout", w.dropoutTitle, w.dropout, `${FEW_POINTS}&net=${WIDE("_dropout-0.5-units-training")}`),
  preset("hills", w.hillsTitle, w.hills, "data=hills&noise=0&lr=0.01&net=linear-16_tanh_linear-16_tanh_linear-1"),
  // One layer has no units that saturate: it recovers at any time.
  preset("diverge", w.divergeTitle, w.diverge, "data=gauss&noise=0.5&optimizer=sgd&lr=10&batch=2&net=linear-2"),
  preset("digits", w.digitsTitle, w.digits, "data=digits"),
];
