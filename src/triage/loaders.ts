import DataLoader from 'dataloader';
import type { OnModelRun, ReadText, TextSpan, TriageService } from './service.ts';

/** Loaders of the triage domain, grouped as `context.loaders.triage`. */
export type TriageLoaders = ReturnType<typeof makeTriageLoaders>;

/** Makes the triage loaders of one request; `onRun` is told of the model runs they cause. */
export function makeTriageLoaders(service: TriageService, onRun: OnModelRun) {
  return {
    evidenceByResult: new DataLoader<ReadText, readonly TextSpan[]>((results) =>
      service.explain(results, onRun),
    ),
  };
}
