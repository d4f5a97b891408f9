// An answer's means with their intervals, to one scale.
import type { Comparison, Measure } from "@tidu/cli/experiment";
import { useRef } from "preact/hooks";
import { t } from "../../i18n/words.js";
import { formatNumber } from "../../ui/format.js";
import { Scrolled } from "../../ui/scrolled.js";
import { scaled } from "../../ui/text-size.js";
import { ticks } from "../../ui/ticks.js";
import { useSize } from "../../ui/use-size.js";
import here from "../here/here.words.js";
import type { Own } from "../here/trial.js";
import type { Range } from "../parts/scale.js";
import w from "./answers.words.js";
import { decimalsOf, ends, rangeOf } from "./interval.js";
import { findingText } from "./reason.js";

interface StripsProps {
  readonly caption: string;
  /** Measures, or differences, which are seen against 0 and against what would matter. */
  readonly of: readonly (Measure | Comparison)[];
  /** What one seed came to in this page. */
  readonly own?: Own;
}

const isDifference = (of: Measure | Comparison): of is Comparison => "matters" in of;

/** Means with their intervals, drawn below each other to one scale, and as numbers. */
export function Strips({ caption, of, own }: StripsProps) {
  const margins = of.filter(isDifference).flatMap(({ matters }) => [-matters, matters]);
  const added = of.flatMap(({ id }) => own?.values.get(id) ?? []);
  const range = rangeOf([...of.flatMap((m) => [...ends(m), ...m.values]), ...margins, ...added]);
  const at = (value: number): string => `${((100 * (value - range[0])) / (range[1] - range[0])).toFixed(2)}%`;
  return (
    <Scrolled label={caption} columns>
      <table class="strips">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t(w.what)}</th>
            <th scope="col">{t(w.mean)}</th>
            <th scope="col">{t(w.interval)}</th>
          </tr>
        </thead>
        <tbody>
          {of.map((measure) => (
            <tr key={measure.id} data-measure={measure.id}>
              <th scope="row">
                <div>
                  <span>{t(measure.label)}</span>
                  <Strip of={measure} at={at} own={own?.values.get(measure.id)} />
                </div>
              </th>
              <Numbers of={measure} own={own?.values.get(measure.id)} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>
              <div>
                <span />
                <Axis range={range} at={at} />
              </div>
            </td>
            <td colSpan={2} />
          </tr>
        </tfoot>
      </table>
    </Scrolled>
  );
}

interface NumbersProps {
  readonly of: Measure | Comparison;
  readonly own: number | undefined;
}

function Numbers({ of, own }: NumbersProps) {
  const format = decimalsOf(of);
  return (
    <>
      <td data-column={t(w.mean)}>
        <data value={String(of.mean)}>{format(of.mean)}</data>
        {own !== undefined && (
          <data class="here-own" data-here={of.id} value={String(own)}>
            {t(here.own, format(own))}
          </data>
        )}
      </td>
      <td data-column={t(w.interval)}>
        {of.low !== null && of.high !== null && (
          <span class="ends">
            <data value={String(of.low)}>{format(of.low)}</data> …{" "}
            <data value={String(of.high)}>{format(of.high)}</data>
          </span>
        )}
        {isDifference(of) && <span class="quiet"> {findingText(of)}</span>}
      </td>
    </>
  );
}

interface StripProps {
  readonly of: Measure | Comparison;
  readonly at: (value: number) => string;
  /** What the seed that was run here came to. */
  readonly own: number | undefined;
}

/** One measure: its seeds, its interval, its mean. The numbers beside it say the same. */
function Strip({ of, at, own }: StripProps) {
  const [low, high] = ends(of);
  return (
    <svg class="strip" height="22" aria-hidden="true">
      {isDifference(of) && <Against of={of} at={at} />}
      {of.values.map((value, i) => (
        <line key={`${i}`} class="seed" x1={at(value)} x2={at(value)} y1="5" y2="17" />
      ))}
      <line class="interval" x1={at(low)} x2={at(high)} y1="11" y2="11" />
      <circle class="dot" cx={at(of.mean)} cy="11" r="5" />
      {own !== undefined && (
        <svg class="own" x={at(own)} y="11" overflow="visible" aria-hidden="true">
          <path d="M0 -8L6 0L0 8L-6 0Z" />
        </svg>
      )}
    </svg>
  );
}

/** What a difference is seen against: sizes that would not matter, 0, and the intervals of both sets of seeds. */
const Against = ({ of: { matters, sets }, at }: { readonly of: Comparison; readonly at: StripProps["at"] }) => (
  <>
    <line class="margin" x1={at(-matters)} x2={at(matters)} y1="11" y2="11" />
    <line class="axis" x1={at(0)} x2={at(0)} y1="0" y2="22" />
    {sets.map((set, i) => (
      <line key={`${i}`} class="set" x1={at(ends(set)[0])} x2={at(ends(set)[1])} y1={2 + 18 * i} y2={2 + 18 * i} />
    ))}
  </>
);

/** Pixels of a character at the usual size of text, and between two numbers. */
const [LETTER, APART] = [7, 8];

/** Round numbers below the strips: as many as stand apart at the width that there is. */
function Axis({ range, at }: { readonly range: Range; readonly at: (value: number) => string }) {
  const own = useRef<SVGSVGElement>(null);
  const { width } = useSize(own);
  const all = ticks(range);
  const widest = Math.max(...all.map((value) => scaled(LETTER * formatNumber(value).length + APART)));
  const between = ((all[1] - all[0]) / (range[1] - range[0])) * width;
  const every = Math.max(1, Math.ceil(widest / between));
  return (
    <svg ref={own} class="strip" height={scaled(20)} aria-hidden="true">
      {all.map((value, i) => (
        <g key={value}>
          <line class="axis" x1={at(value)} x2={at(value)} y1="0" y2="4" />
          {i % every === 0 && (
            <text x={at(value)} y={scaled(16)} text-anchor="middle">
              {formatNumber(value)}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
