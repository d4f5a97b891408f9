import type { Text } from "../../i18n/words.js";
import { Prose } from "./prose.js";

/** A question from the margin of the notes. */
export const Question = ({ text }: { readonly text: Text }) => (
  <div class="question">
    <Prose text={text} />
  </div>
);
