// The curves of an experiment's answer.
import type { Curve } from "@tidu/cli/experiment";
import { inBrackets } from "../../i18n/punctuation.js";
import { t } from "../../i18n/words.js";
import { formatNumber } from "../../ui/format.js";
import { Scrolled } from "../../ui/scrolled.js";
import { Legend, Plane } from "../parts/plane.js";
import { curvePath, scale } from "../parts/scale.js";
import w from "./answers.words.js";
import { decimalsOf, ends, rangeOf } from "./interval.js";
import { withUnit } from "./unit.js";

const lookOf = (i: number): string => `line-${(i % 6) + 1}`;

/** Curves over one axis, with an interval at each of their points. */
export function Curves({ of }: { readonly of: readonly Curve[] }) {
  const [{ x, unit }] = of;
  const points = of.flatMap((curve) => curve.points);
  const to = scale(rangeOf(points.map((p) => p.x)), rangeOf(points.flatMap((p) => [...ends(p)])));
  const across = withUnit(x.label, x.unit);
  return (
    <div>
      <p class="quiet">{withUnit(w.mean, unit)}</p>
      <Plane to={to} label={t(w.curves, of.map(({ label }) => t(label)).join(", "), across)} names={undefined}>
        {of.map(({ id, points: own }, i) => (
          <g key={id} class={lookOf(i)}>
            {own.map((p) => (
              <path key={p.x} class="whisker" d={`M${to.x(p.x)} ${to.y(ends(p)[0])}V${to.y(ends(p)[1])}`} />
            ))}
            <path
              class={lookOf(i)}
              d={curvePath(
                to,
                own.map((p) => p.x),
                own.map((p) => p.mean),
              )}
            />
          </g>
        ))}
      </Plane>
      <p class="quiet across">{across} →</p>
      <Legend names={of.map(({ label }, i) => [lookOf(i), t(label)])} />
      <details>
        <summary>{t(w.numbers)}</summary>
        <Table of={of} across={across} />
      </details>
    </div>
  );
}

const Table = ({ of, across }: { readonly of: readonly Curve[]; readonly across: string }) => (
  <Scrolled label={t(w.numbers)} columns>
    <table>
      <thead>
        <tr>
          <th scope="col">{across}</th>
          {of.map(({ id, label, unit }) => (
            <th key={id} scope="col">
              {withUnit(label, unit)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {of[0].points.map(({ x }, i) => (
          <tr key={x}>
            <th scope="row" data-column={across}>
              {formatNumber(x)}
            </th>
            {of.map(({ id, label, unit, points }) => (
              <td key={id} data-column={withUnit(label, unit)}>
                <data data-point={`${id} ${x}`} value={String(points[i].mean)}>
                  {decimalsOf(points[i])(points[i].mean)}
                </data>
                {t(inBrackets, ends(points[i]).map(decimalsOf(points[i])).join(" … "))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </Scrolled>
);
