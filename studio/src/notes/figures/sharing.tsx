import { useSignal } from "@preact/signals";
import { t } from "../../i18n/words.js";
import { Figure } from "../../ui/figure.js";
import { formatCount, formatRounded } from "../../ui/format.js";
import { Slider } from "../../ui/slider.js";
import { TableHead } from "../../ui/table-head.js";
import { counts } from "../compute/convolution.js";
import { Prose } from "../parts/prose.js";
import { Readings } from "../parts/readings.js";
import w from "./sharing.words.js";

/** Weights of a convolution and of a full layer between the same sizes. */
export function SharingFigure() {
  const [side, kernel, channels, out] = [useSignal(28), useSignal(5), useSignal(1), useSignal(6)];
  const count = counts(side.value, kernel.value, channels.value, out.value);
  const ratio = count.full / count.convolution;
  const sliders = [
    [w.side, side, 8, 64],
    [w.kernel, kernel, 1, 8],
    [w.channels, channels, 1, 16],
    [w.out, out, 1, 32],
  ] as const;
  const rows = [
    [w.convolution, "convolution", count.convolution, count.convolutionProducts],
    [w.full, "full", count.full, count.fullProducts],
  ] as const;
  return (
    <Figure
      title={t(w.title)}
      caption={<Prose text={w.caption} />}
      controls={sliders.map(([name, value, min, max]) => (
        <Slider
          key={name.en}
          label={t(name)}
          value={value.value}
          min={min}
          max={max}
          step={1}
          onInput={(v) => (value.value = v)}
        />
      ))}
    >
      <table>
        <TableHead names={[w.layer, w.learned, w.products]} />
        <tbody>
          {rows.map(([name, reading, learned, products]) => (
            <tr key={reading}>
              <th scope="row">{t(name)}</th>
              <td>
                <data data-reading={reading} value={String(learned)}>
                  {formatCount(learned)}
                </data>
              </td>
              <td>{formatCount(products)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Readings
        of={[{ name: "ratio", label: t(w.ratio), value: ratio, text: `${formatRounded(ratio, ratio < 100 ? 1 : 0)}×` }]}
      />
    </Figure>
  );
}
