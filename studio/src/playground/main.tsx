import app from "../app/app.words.js";
import { show } from "../app/frame.js";
import { t } from "../i18n/words.js";
import { Boundary } from "./boundary.js";
import { Confusion } from "./confusion.js";
import { Controls, Recipe } from "./controls.js";
import { Curves } from "./curves.js";
import { Editor } from "./editor.js";
import { Files } from "./files.js";
import { Inside } from "./inside.js";
import { Maps } from "./maps.js";
import { Neurons } from "./neurons.js";
import { Pad } from "./pad.js";
import w from "./playground.words.js";
import { isDigits } from "./state.js";
import "./playground.css";

const Playground = () => (
  <>
    <h1>{t(app.playground)}</h1>
    <p>{t(w.intro)}</p>
    <Controls />
    <Recipe />
    <div class="workbench">
      <Editor />
      <div class="column">
        <Curves />
        {isDigits.value ? <Pad /> : <Boundary />}
        <Confusion />
      </div>
    </div>
    {isDigits.value ? <Maps /> : <Neurons />}
    <Inside />
    <Files />
  </>
);

show("", "./", app.playground, Playground);
