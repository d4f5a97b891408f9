// Small pictures of the sets of points.
import { useMemo } from "preact/hooks";
import { colours } from "../app/theme.js";
import { makePoints } from "../engine/points.js";
import { hasNumbers, type POINT_SETS } from "../engine/settings.js";
import { colourOfNumber, inkOfClass, pathOfPoint } from "./marks.js";

const THUMB = 40;

type PointSet = (typeof POINT_SETS)[number];

interface ThumbProps {
  readonly name: PointSet;
  readonly noise?: number;
  readonly count?: number;
}

/** A picture in the document, not on a canvas: a canvas costs something in each frame, whether it changes or not. */
export function Thumb({ name, noise = 0.05, count = 100 }: ThumbProps) {
  const paths = useMemo(() => pathsOf(name, count, noise), [name, count, noise, colours.value]);
  return (
    <svg class="paint" width={THUMB} height={THUMB} viewBox={`0 0 ${THUMB} ${THUMB}`} aria-hidden="true">
      {paths.map(([ink, path]) => (
        <path key={ink} d={path} fill={ink} />
      ))}
    </svg>
  );
}

/** Some points of a set: the color of each class, or number, with the path of all points that have it. */
function pathsOf(name: PointSet, count: number, noise: number): readonly (readonly [ink: string, path: string])[] {
  const { places, targets } = makePoints(name, count, noise, 1);
  const paths = new Map<string, string>();
  targets.forEach((target, i) => {
    const at = (v: number) => ((v / 1.2 + 1) / 2) * THUMB;
    const isNumber = hasNumbers(name);
    const ink = isNumber ? colourOfNumber(target) : inkOfClass(target, 2);
    const point = pathOfPoint(at(places[2 * i]), at(-places[2 * i + 1]), isNumber ? 1 : target, 1.6);
    paths.set(ink, (paths.get(ink) ?? "") + point);
  });
  return [...paths];
}
