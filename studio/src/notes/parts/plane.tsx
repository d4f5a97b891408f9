// Drawings with axes and their legends.
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { formatNumber } from "../../ui/format.js";
import { scaled } from "../../ui/text-size.js";
import { ticks } from "../../ui/ticks.js";
import { useSize } from "../../ui/use-size.js";
import { BORDER, BOTTOM, LEFT, type Scale, TOP } from "./scale.js";

interface PlaneProps {
  readonly to: Scale;
  /** What is to be seen, in words. */
  readonly label: string;
  readonly children: ComponentChildren;
  /** What the axes are, if that does not stand beside the drawing: x between its last two numbers, y above the drawing. */
  readonly names: readonly [x: string, y: string] | undefined;
  /** Values that are named below; default a few round ones. */
  readonly xTicks?: readonly number[];
  /** Called with the x under the pointer. */
  readonly onPoint?: (x: number) => void;
}

/** Letters in pixels of the page at the usual size of text, and at most in those of the drawing, whose margins have room for so much. */
const LETTER = 12;
const MOST = 22;

/** How many numbers of the axis further on the next is written, so that the axis's name has room before the last. */
function apart(to: Scale, xTicks: readonly number[], name: string, letter: number): number {
  const width = (text: string): number => 0.6 * letter * text.length;
  const [before, last] = xTicks.slice(-2);
  const room = to.x(last) - to.x(before) - (width(formatNumber(before)) + width(formatNumber(last))) / 2;
  return xTicks.length > 3 && width(name) + letter > room ? 2 : 1;
}

/** A drawing with axes, as wide as there is room for; its letters are as large whatever its size. */
export function Plane({ to, label, children, names, xTicks = ticks(to.xRange), onPoint }: PlaneProps) {
  const id = useId();
  const own = useRef<SVGSVGElement>(null);
  const { width } = useSize(own);
  const letter = width === 0 ? LETTER : Math.min(MOST, (scaled(LETTER) * to.width) / width);
  // Clear of the lowest number left of the axis, however large letters are.
  const below = to.height - BOTTOM + 2 + 1.1 * letter;
  const every = apart(to, xTicks, names?.[0] ?? "", letter);
  const named = xTicks.filter((_, i) => (xTicks.length - 1 - i) % every === 0);
  const [before, last] = named.slice(-2);
  const nameAt = (to.x(before) + to.x(last)) / 2;
  const point = (event: PointerEvent & { readonly currentTarget: SVGSVGElement }) => {
    if (onPoint === undefined || (event.pointerType !== "mouse" && event.buttons === 0)) return;
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onPoint(to.valueAt(((event.clientX - left) / width) * to.width));
  };
  return (
    <svg
      ref={own}
      style={{ fontSize: `${letter}px` }}
      class={onPoint === undefined ? "plane" : "plane touch"}
      viewBox={`0 0 ${to.width} ${to.height}`}
      role="img"
      aria-label={label}
      onPointerDown={point}
      onPointerMove={point}
    >
      {xTicks.map((x) => (
        <g key={`x${x}`}>
          <line class={x === 0 ? "axis" : "grid"} x1={to.x(x)} x2={to.x(x)} y1={TOP} y2={to.height - BOTTOM} />
          {named.includes(x) && (
            <text x={to.x(x)} y={below} text-anchor="middle">
              {formatNumber(x)}
            </text>
          )}
        </g>
      ))}
      {ticks(to.yRange).map((y) => (
        <g key={`y${y}`}>
          <line class={y === 0 ? "axis" : "grid"} x1={LEFT} x2={to.width - BORDER} y1={to.y(y)} y2={to.y(y)} />
          <text x={LEFT - 5} y={to.y(y) + 0.35 * letter} text-anchor="end">
            {formatNumber(y)}
          </text>
        </g>
      ))}
      <clipPath id={id}>
        <rect x={LEFT} y={TOP} width={to.width - LEFT - BORDER} height={to.height - BOTTOM - TOP} />
      </clipPath>
      <g clip-path={`url(#${id})`}>{children}</g>
      {names && (
        <g class="names">
          <text x={nameAt} y={below} text-anchor="middle">
            {names[0]}
          </text>
          <text x={LEFT} y={TOP - 7}>
            {names[1]}
          </text>
        </g>
      )}
    </svg>
  );
}

/** Names of what is drawn, each with its line: color alone does not tell. */
export const Legend = ({ names }: { readonly names: readonly (readonly [look: string, name: string])[] }) => (
  <ul class="legend">
    {names.map(([look, name]) => (
      <li key={look}>
        <svg viewBox="0 0 28 8" width="28" height="8" aria-hidden="true">
          <path class={look} d="M0 4H28" />
        </svg>
        {name}
      </li>
    ))}
  </ul>
);
