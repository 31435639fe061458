import type { ForecastValueAdded } from '../../generated/graphql.ts';
import type { ComparedOverride } from './overrideRepository.ts';

/**
 * Forecast value added: how much nearer the overridden forecast came to what was sold than the statistical one.
 * WAPE = Σ|forecast − sold| ÷ Σ sold over the overrides' periods; value added = WAPE before − WAPE after.
 *
 * Source: M. Gilliland, The Business Forecasting Deal (2010), ch. 4.
 */
export function measureValueAdded(overrides: readonly ComparedOverride[]): ForecastValueAdded {
  const compared = overrides.filter(({ hadStockOut }) => !hadStockOut);
  const sum = (of: (override: ComparedOverride) => number) =>
    compared.reduce((total, override) => total + of(override), 0);
  const statisticalError = ({ statisticalUnits, actualUnits }: ComparedOverride) =>
    statisticalUnits - actualUnits;
  const finalError = ({ finalUnits, actualUnits }: ComparedOverride) => finalUnits - actualUnits;
  const gain = (override: ComparedOverride) =>
    Math.abs(statisticalError(override)) - Math.abs(finalError(override));
  const actualUnits = sum((override) => override.actualUnits);
  const relative = (units: number) => (actualUnits > 0 ? units / actualUnits : null);
  return {
    overrideCount: compared.length,
    stockOutCount: overrides.length - compared.length,
    improvedCount: compared.filter((override) => gain(override) > 0).length,
    worsenedCount: compared.filter((override) => gain(override) < 0).length,
    actualUnits,
    statisticalWape: relative(sum((override) => Math.abs(statisticalError(override)))),
    finalWape: relative(sum((override) => Math.abs(finalError(override)))),
    valueAdded: relative(sum(gain)),
    statisticalBias: relative(sum(statisticalError)),
    finalBias: relative(sum(finalError)),
  };
}
