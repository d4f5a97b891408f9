// A training in a small picture: its data, and its network.
import { isPointSet, type Settings } from "../engine/settings.js";
import { Icon } from "../ui/icon.js";
import { sizeOf } from "./network/size.js";
import { Thumb } from "./thumb.js";

/** Units of a column that are drawn, and pixels from unit to unit and from column to column. */
const MOST = 7;
const [DOWN, ACROSS] = [6, 15];
const HEIGHT = 44;

/** The data of a training, and its network: a column for each layer that has a size, and lines where it has weights. */
export const Sketch = ({ settings }: { readonly settings: Settings }) => (
  <span class="sketch" aria-hidden="true">
    {isPointSet(settings.data) ? (
      <Thumb name={settings.data} noise={settings.noise} count={Math.round(1.5 * settings.share)} />
    ) : (
      <Icon name="seven" />
    )}
    <Columns sizes={[inputsOf(settings), ...settings.layers.flatMap((layer) => sizeOf(layer)?.value ?? [])]} />
  </span>
);

const inputsOf = ({ data, features }: Settings): number => (isPointSet(data) ? features.length : 1);

function Columns({ sizes }: { readonly sizes: readonly number[] }) {
  const columns = sizes.map((size, i) => {
    const shown = Math.min(MOST, size);
    return Array.from({ length: shown }, (_, unit) => [6 + i * ACROSS, HEIGHT / 2 + (unit - (shown - 1) / 2) * DOWN]);
  });
  const lines = columns
    .slice(1)
    .flatMap((to, i) => columns[i].flatMap(([x1, y1]) => to.map(([x2, y2]) => `M${x1} ${y1}L${x2} ${y2}`)));
  return (
    <svg width={12 + (sizes.length - 1) * ACROSS} height={HEIGHT} aria-hidden="true">
      <path class="lines" d={lines.join("")} />
      {columns.flat().map(([x, y]) => (
        <circle key={`${x} ${y}`} cx={x} cy={y} r={2.2} />
      ))}
    </svg>
  );
}
