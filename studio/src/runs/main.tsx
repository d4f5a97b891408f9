// The entry of the page of runs.
import app from "../app/app.words.js";
import { show } from "../app/frame.js";
import { t } from "../i18n/words.js";
import { Comparison } from "./comparison.js";
import { List } from "./list.js";
import w from "./runs.words.js";
import { followList } from "./state.js";
import "./runs.css";

const Runs = () => (
  <>
    <h1>{t(app.runs)}</h1>
    <p>{t(w.intro)}</p>
    <div class="runs">
      <List />
      <Comparison />
    </div>
  </>
);

void followList();
show("runs", "../", app.runs, Runs);
