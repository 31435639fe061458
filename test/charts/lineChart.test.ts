import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineChart, renderLineChart } from '../../src/charts/lineChart.ts';
import { element, escapeText, linePath } from '../../src/charts/svg.ts';
import { formatTick, makeTicks } from '../../src/charts/ticks.ts';

const chart: LineChart = {
  title: 'Nuts & <bolts>',
  subtitle: 'a "quoted" one',
  x: { label: 'day' },
  y: { label: 'units per day' },
  bands: [{ name: '80 % interval', colour: 'blue', lower: [[0, 1]], upper: [[0, 3]] }],
  lines: [
    {
      name: 'history',
      colour: 'grey',
      points: [
        [0, 2],
        [1, Number.NaN],
        [2, 4],
      ],
    },
  ],
  mark: { x: 1, label: 'origin' },
};

describe('a chart', () => {
  it('carries title, axes with units, legend and mark as text, made safe', () => {
    const svg = renderLineChart(chart);
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    expect(texts).toEqual(
      expect.arrayContaining([
        'Nuts &amp; &lt;bolts&gt;',
        'a &quot;quoted&quot; one',
        'day',
        'units per day',
        '80 % interval',
        'history',
        'origin',
      ]),
    );
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('closes every element it opens', () => {
    const open: string[] = [];
    for (const [, close, name, own] of renderLineChart(chart).matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (own !== '/') open.push(name ?? '');
    }
    expect(open).toEqual([]);
  });

  it('is drawn without a point too', () => {
    const empty = renderLineChart({ ...chart, lines: [], bands: [] });
    expect(empty).not.toMatch(/NaN|Infinity/);
  });
});

describe('the writer', () => {
  it('breaks a line at what is missing', () => {
    expect(
      linePath([
        [0, 1],
        [1, 2],
        [2, Number.NaN],
        [3, 4],
      ]),
    ).toBe('M0 1L1 2M3 4');
  });

  it('leaves absent attributes out and rounds pixels', () => {
    expect(element('line', { x1: 1 / 3, fill: undefined })).toBe('<line x1="0.33"/>');
  });

  it('keeps markup and control characters out of texts', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>"]|&(?!amp;|lt;|gt;|quot;)/.test(escapeText(text))));
    expect(escapeText('a\u0000b')).toBe('a b');
  });
});

describe('ticks', () => {
  it('are multiples of 1, 2 or 5 that enclose the range', () => {
    expect(makeTicks(0, 53)).toEqual([0, 20, 40, 60]);
    expect(makeTicks(0, 0.9)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(makeTicks(0, 1_200).map(formatTick)).toEqual(['0', '500', '1,000', '1,500']);
    expect(makeTicks(0, 0)).toEqual([0, 0.2]);
  });

  it('always enclose the range with two to a dozen values', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        (low, span) => {
          const ticks = makeTicks(low, low + span);
          const slack = 1e-6 * Math.max(1, Math.abs(low), span);
          return (
            ticks.length >= 2 &&
            ticks.length <= 12 &&
            (ticks[0] ?? 0) <= low + slack &&
            (ticks.at(-1) ?? 0) >= low + span - slack
          );
        },
      ),
    );
  });
});
