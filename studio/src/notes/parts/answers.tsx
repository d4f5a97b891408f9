import { t } from "../../i18n/words.js";
import { formatNumber } from "../../ui/format.js";
import { answersTo, type Measured, type Measurement } from "./measured.js";
import w from "./parts.words.js";
import { Plane } from "./plane.js";
import { Prose } from "./prose.js";
import { scale } from "./scale.js";

/** Results that were there when the pages were built. */
const FILES = import.meta.glob<Measured>("../../../../experiments/results/*.json", { eager: true, import: "default" });

/** What experiments found about this section's questions; nothing where none has run. */
export function Answers({ of }: { readonly of: readonly string[] }) {
  const found = answersTo(of, FILES);
  if (found.length === 0) return null;
  return (
    <section>
      <h2>{t(w.measured)}</h2>
      {found.map(([name, measured]) => (
        <Answer key={name} of={measured} />
      ))}
    </section>
  );
}

const Answer = ({ of: { question, verdict, quantity, date, command, measurements } }: { readonly of: Measured }) => (
  <div class="measured">
    <Prose text={question} />
    <Intervals of={measurements} label={t(quantity)} />
    <table>
      <thead>
        <tr>
          <th scope="col">{t(w.setting)}</th>
          <th scope="col">
            {t(w.mean)}: {t(quantity)}
          </th>
          <th scope="col">{t(w.interval)}</th>
        </tr>
      </thead>
      <tbody>
        {measurements.map(({ setting, mean, low, high }) => (
          <tr key={setting.en}>
            <th scope="row">{t(setting)}</th>
            <td>{formatNumber(mean)}</td>
            <td>
              {formatNumber(low)} – {formatNumber(high)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    <Prose text={verdict} />
    <p class="quiet">
      {t(w.date, date)} {t(w.command, command)}
    </p>
  </div>
);

/** A dot and its interval for each setting, from the left. */
function Intervals({ of, label }: { readonly of: readonly Measurement[]; readonly label: string }) {
  const [low, high] = [Math.min(...of.map((m) => m.low)), Math.max(...of.map((m) => m.high))];
  const room = (high - low || Math.abs(high) || 1) / 10;
  const to = scale([0, of.length + 1], [low - room, high + room], 480, 200);
  return (
    <Plane to={to} label={label}>
      {of.map((m, i) => (
        <g key={m.setting.en}>
          <path class="line-1" d={`M${to.x(i + 1)} ${to.y(m.low)}V${to.y(m.high)}`} />
          <circle class="dot" cx={to.x(i + 1)} cy={to.y(m.mean)} r={5} />
        </g>
      ))}
    </Plane>
  );
}
