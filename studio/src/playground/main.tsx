// The playground's page.
import app from "../app/app.words.js";
import { show } from "../app/frame.js";
import { t } from "../i18n/words.js";
import { isPhone, isWide } from "../ui/screen.js";
import { Confusion } from "./confusion.js";
import { Controls, More } from "./controls.js";
import { AccuracyCurves, Curves } from "./curves.js";
import { Files } from "./files.js";
import { Gallery } from "./gallery.js";
import { Inside } from "./inside.js";
import { Maps } from "./maps.js";
import { Inspector } from "./network/inspector.js";
import { NetworkPicture } from "./network/picture.js";
import { Pad } from "./pad.js";
import { Plane, Toggles } from "./plane.js";
import w from "./playground.words.js";
import { Setup } from "./setup.js";
import { isDigits } from "./state.js";
import "./playground.css";
import "./network.css";

/** One screen: data and recipe, the network, the result; what explains more is below. */
const Playground = () => (
  <div class="playground">
    <h1 class="visually-hidden">{t(app.playground)}</h1>
    <Controls />
    <div class="stage">
      {isWide.value && <Setup />}
      <div class="middle">
        <NetworkPicture />
        <Inspector />
      </div>
      <section class="result" aria-label={t(w.result)}>
        {isDigits.value ? <Pad /> : <Plane />}
        <Curves />
      </section>
      {isPhone.value && (
        <section class="panel phone-more" aria-label={t(w.phoneMore)}>
          <More />
          {!isDigits.value && <Toggles />}
          <p class="quiet">{t(w.networkHint)}</p>
        </section>
      )}
      {!isWide.value && <Setup />}
    </div>
    <section class="details" aria-label={t(w.details)}>
      <Inside />
      {isDigits.value && <Maps />}
      <AccuracyCurves />
      <Confusion />
      <Files />
    </section>
    <Gallery />
  </div>
);

show("", "./", app.playground, Playground);
