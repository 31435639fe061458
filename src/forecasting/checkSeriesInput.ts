import { badInputField as refuse } from '../errors.ts';
import type { CovariateInput, ForecastSeriesInput, SeriesInput } from '../generated/graphql.ts';
import type { SeriesCovariate, SeriesHistory } from './member.ts';
import { findSeasonLength } from './seasonLength.ts';

const maximumSeries = 500;
const maximumValues = 2_000;
const maximumHorizon = 64;
const maximumLevels = 99;
/** Beyond this the network's single precision overflows. */
const maximumValue = 1e15;

/** Influences and what holds for their values; their meaning is in the schema. */
const covariateRules = {
  price_ratio: { rule: 'above 0 and at most 100', holds: (value) => value > 0 && value <= 100 },
  promotion: { rule: '0 or 1', holds: isFlag },
  holiday: { rule: '0 or 1', holds: isFlag },
  stock_out: { rule: '0 or 1', holds: isFlag },
  complaint_rate: { rule: '0 to 1,000', holds: (value) => value >= 0 && value <= 1_000 },
  sentiment: { rule: '−1 to 1', holds: (value) => value >= -1 && value <= 1 },
} as const satisfies Record<string, { readonly rule: string; readonly holds: (value: number) => boolean }>;

/** Checks the input of `forecastSeries`; throws BAD_USER_INPUT naming the field, the rule and what was got. */
export function checkSeriesInput(input: ForecastSeriesInput): void {
  const { horizon, series, quantileLevels } = input;
  if (horizon < 1 || horizon > maximumHorizon)
    throw refuse('horizon', `1 to ${maximumHorizon} periods`, horizon);
  if (series.length < 1 || series.length > maximumSeries)
    throw refuse('series', `1 to ${maximumSeries} series`, series.length);
  checkLevels(quantileLevels ?? [0.5]);
  for (const [index, item] of series.entries()) checkSeries(item, `series.${index}`, horizon);
}

/** Makes the series of a checked input. */
export function toSeriesHistories({
  series,
  frequency,
}: Pick<ForecastSeriesInput, 'series' | 'frequency'>): SeriesHistory[] {
  return series.map((one) => {
    const inStock = toStockFlags(one);
    return {
      values: toNumbers(one.values),
      seasonLength: findSeasonLength(frequency, one.values.length),
      ...(inStock === undefined ? {} : { inStock }),
      ...(one.covariates == null ? {} : { covariates: one.covariates.map(toCovariate) }),
    };
  });
}

/** False where `inStock` says so or the covariate stock_out is 1. */
function toStockFlags({ values, inStock, covariates }: SeriesInput): readonly boolean[] | undefined {
  const stockOut = covariates?.find(({ name }) => name === 'stock_out')?.values;
  if (stockOut === undefined) return inStock ?? undefined;
  return values.map((_, t) => inStock?.[t] !== false && stockOut[t] !== 1);
}

function toCovariate({ name, values }: CovariateInput): SeriesCovariate {
  return { name, values: toNumbers(values) };
}

function toNumbers(values: readonly (number | null | undefined)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

function checkLevels(levels: readonly number[]): void {
  if (levels.length < 1 || levels.length > maximumLevels)
    throw refuse('quantileLevels', `1 to ${maximumLevels} levels`, levels.length);
  for (const [index, level] of levels.entries()) {
    if (!(level >= 0.001 && level <= 0.999)) throw refuse(`quantileLevels.${index}`, '0.001 to 0.999', level);
    if (level <= (levels[index - 1] ?? 0))
      throw refuse(`quantileLevels.${index}`, 'greater than the level before it', level);
  }
}

function checkSeries({ values, inStock, covariates }: SeriesInput, path: string, horizon: number): void {
  if (values.length < 1 || values.length > maximumValues)
    throw refuse(`${path}.values`, `1 to ${maximumValues} values`, values.length);
  for (const [index, value] of values.entries())
    if (value != null && Math.abs(value) > maximumValue)
      throw refuse(`${path}.values.${index}`, `−${maximumValue} to ${maximumValue}`, value);
  if (values.every((value) => value == null))
    throw refuse(`${path}.values`, 'a list with at least one value that is not null', 'none');
  if (inStock !== null && inStock !== undefined && inStock.length !== values.length)
    throw refuse(`${path}.inStock`, `${values.length} entries, one a value`, inStock.length);
  for (const [index, covariate] of (covariates ?? []).entries())
    checkCovariate(covariate, `${path}.covariates.${index}`, values.length + horizon);
}

function checkCovariate({ name, values }: CovariateInput, path: string, length: number): void {
  const [, known] = Object.entries(covariateRules).find(([candidate]) => candidate === name) ?? [];
  if (known === undefined)
    throw refuse(`${path}.name`, `one of ${Object.keys(covariateRules).join(', ')}`, name);
  if (values.length !== length)
    throw refuse(`${path}.values`, `${length} entries, values and horizon`, values.length);
  for (const [index, value] of values.entries())
    if (value != null && !known.holds(value)) throw refuse(`${path}.values.${index}`, known.rule, value);
}

function isFlag(value: number): boolean {
  return value === 0 || value === 1;
}
