import { element, escapeText, linePath } from './svg.ts';
import { formatTick, makeTicks } from './ticks.ts';

/** Points in the axes' units; a y that is NaN leaves a gap. */
export type Points = readonly (readonly [x: number, y: number])[];

/** One line and its name in the legend. */
export type ChartLine = {
  readonly name: string;
  readonly colour: ChartColour;
  readonly points: Points;
  readonly isDashed?: boolean;
  /** Marks each point with a dot. */
  readonly hasDots?: boolean;
};
/** The area between two lines. */
export type ChartBand = {
  readonly name: string;
  readonly colour: ChartColour;
  readonly lower: Points;
  readonly upper: Points;
};
/** An axis; ticks are found from the data where absent. */
export type ChartAxis = {
  /** What it shows, with its unit. */
  readonly label: string;
  readonly ticks?: readonly { readonly value: number; readonly label: string }[];
};
export type LineChart = {
  readonly title: string;
  readonly subtitle: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly bands: readonly ChartBand[];
  readonly lines: readonly ChartLine[];
  /** An x to be marked by an upright line, and what it means. */
  readonly mark?: { readonly x: number; readonly label: string };
};

/** Tones that can be read on white and on black. */
export const chartColours = {
  text: '#7d7d7d',
  grid: '#8c8c8c',
  grey: '#8c8c8c',
  blue: '#3f83c8',
  orange: '#d9772a',
  green: '#3d9a62',
} as const;
export type ChartColour = keyof typeof chartColours;

const [width, height] = [820, 440];
const frame = { left: 76, right: 24, top: 92, bottom: 62 } as const;

type Scale = (value: number) => number;
type Tick = { readonly value: number; readonly label: string };

/** Draws a chart as a standalone SVG of 820 × 440 pixels on a transparent ground. */
export function renderLineChart(chart: LineChart): string {
  const all = [
    ...chart.lines.map(({ points }) => points),
    ...chart.bands.flatMap((b) => [b.lower, b.upper]),
  ].flat();
  const xTicks = chart.x.ticks ?? toTicks(all.map(([x]) => x));
  const yTicks = chart.y.ticks ?? toTicks([0, ...all.map(([, y]) => y)]);
  const xs = [
    ...all.map(([x]) => x),
    ...(chart.x.ticks === undefined ? xTicks.map(({ value }) => value) : []),
  ];
  const x = makeScale(extent(xs), [frame.left, width - frame.right]);
  const y = makeScale(extent(yTicks.map(({ value }) => value)), [height - frame.bottom, frame.top]);
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'font-family': 'system-ui, sans-serif',
      'font-size': 13,
      fill: chartColours.text,
    },
    element('title', {}, escapeText(chart.title)),
    drawHead(chart),
    drawAxes(chart, { x, y, xTicks, yTicks }),
    ...chart.bands.map(({ lower, upper, colour }) => drawBand(lower, upper, { x, y, colour })),
    ...chart.lines.map((line) => drawLine(line, x, y)),
    chart.mark === undefined ? '' : drawMark(chart.mark, x),
  )}\n`;
}

function toTicks(values: readonly number[]): Tick[] {
  return makeTicks(...extent(values)).map((value) => ({ value, label: formatTick(value) }));
}

/** A fold, since a spread of many points overflows the stack. */
function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [0, 1] : [low, high];
}

function makeScale([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Scale {
  const span = high > low ? high - low : 1;
  return (value) => from + ((value - low) / span) * (to - from);
}

/** Title, subtitle and legend. */
function drawHead({ title, subtitle, lines, bands }: LineChart): string {
  let left: number = frame.left;
  const legend = [...bands.map((band) => ({ ...band, isBand: true })), ...lines].map((entry) => {
    const colour = chartColours[entry.colour];
    const key =
      'isBand' in entry
        ? element('rect', { x: left, y: 64, width: 22, height: 12, fill: colour, 'fill-opacity': 0.25 })
        : element('line', {
            x1: left,
            x2: left + 22,
            y1: 70,
            y2: 70,
            stroke: colour,
            'stroke-width': 2.5,
            'stroke-dasharray': entry.isDashed === true ? '5 4' : undefined,
          });
    const label = element('text', { x: left + 28, y: 74.5 }, escapeText(entry.name));
    left += 28 + entry.name.length * 7 + 22;
    return key + label;
  });
  return [
    element('text', { x: frame.left, y: 28, 'font-size': 17, 'font-weight': 600 }, escapeText(title)),
    element('text', { x: frame.left, y: 48 }, escapeText(subtitle)),
    ...legend,
  ].join('');
}

function drawAxes(
  chart: LineChart,
  axes: {
    readonly x: Scale;
    readonly y: Scale;
    readonly xTicks: readonly Tick[];
    readonly yTicks: readonly Tick[];
  },
): string {
  const right = width - frame.right;
  const bottom = height - frame.bottom;
  const middle = (frame.top + bottom) / 2;
  return [
    ...axes.yTicks.flatMap(({ value, label }) => [
      element('line', {
        x1: frame.left,
        x2: right,
        y1: axes.y(value),
        y2: axes.y(value),
        stroke: chartColours.grid,
        'stroke-opacity': 0.28,
      }),
      element(
        'text',
        { x: frame.left - 10, y: axes.y(value) + 4.5, 'text-anchor': 'end' },
        escapeText(label),
      ),
    ]),
    ...axes.xTicks.map(({ value, label }) =>
      element('text', { x: axes.x(value), y: bottom + 20, 'text-anchor': 'middle' }, escapeText(label)),
    ),
    element('line', { x1: frame.left, x2: right, y1: bottom, y2: bottom, stroke: chartColours.grid }),
    element(
      'text',
      { x: (frame.left + right) / 2, y: height - 14, 'text-anchor': 'middle' },
      escapeText(chart.x.label),
    ),
    element(
      'text',
      { x: 20, y: middle, 'text-anchor': 'middle', transform: `rotate(-90 20 ${middle})` },
      escapeText(chart.y.label),
    ),
  ].join('');
}

function drawBand(
  lower: Points,
  upper: Points,
  { x, y, colour }: { readonly x: Scale; readonly y: Scale; readonly colour: ChartColour },
): string {
  const outline = [...upper, ...[...lower].reverse()].map(([px, py]) => [x(px), y(py)] as const);
  return element('path', { d: `${linePath(outline)}Z`, fill: chartColours[colour], 'fill-opacity': 0.25 });
}

function drawLine({ points, colour, isDashed, hasDots }: ChartLine, x: Scale, y: Scale): string {
  const pixels = points.map(([px, py]) => [x(px), y(py)] as const);
  const line = element('path', {
    d: linePath(pixels),
    fill: 'none',
    stroke: chartColours[colour],
    'stroke-width': 2,
    'stroke-linejoin': 'round',
    'stroke-dasharray': isDashed === true ? '5 4' : undefined,
  });
  if (hasDots !== true) return line;
  const dots = pixels
    .filter((pixel) => pixel.every(Number.isFinite))
    .map(([cx, cy]) => element('circle', { cx, cy, r: 3, fill: chartColours[colour] }));
  return line + dots.join('');
}

function drawMark(mark: { readonly x: number; readonly label: string }, x: Scale): string {
  const at = x(mark.x);
  const line = element('line', {
    x1: at,
    x2: at,
    y1: frame.top,
    y2: height - frame.bottom,
    stroke: chartColours.grid,
    'stroke-dasharray': '2 3',
  });
  return (
    line + element('text', { x: at - 6, y: frame.top + 12, 'text-anchor': 'end' }, escapeText(mark.label))
  );
}
