import { makeArgumentLoader } from '../argumentLoader.ts';
import type { SignalsService } from './service.ts';

/** Loaders of the signals domain, grouped as `context.loaders.signals`. */
export type SignalsLoaders = ReturnType<typeof makeSignalsLoaders>;

/** Makes the signals' loaders of one request. */
export function makeSignalsLoaders(service: SignalsService) {
  return { signalsByVariant: makeArgumentLoader(service.listSignals) };
}
