import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { openDatabase } from '../../src/database/database.ts';
import type { migrate } from '../../src/database/migrate.ts';
import type { forecastEnsemble } from '../../src/forecasting/ensemble.ts';
import type { makeForecastingService } from '../../src/forecasting/service.ts';
import { projectFile } from '../../src/projectRoot.ts';
import type { makeServices } from '../../src/services.ts';
import type { startModels } from '../../src/startModels.ts';

/** Compiles the projects into `dist`, as `npm run build` does. */
export function build(...projects: readonly string[]): void {
  for (const project of projects) {
    const { status } = spawnSync('npx', ['tsc', '-p', project], { cwd: projectFile(), stdio: 'inherit' });
    if (status !== 0) throw new Error(`${project} must compile.`);
  }
}

/** The compiled modules that a batch in this process needs: timings are the build's, not those of a loader. */
export type BuiltModules = {
  readonly openDatabase: typeof openDatabase;
  readonly migrate: typeof migrate;
  readonly forecastEnsemble: typeof forecastEnsemble;
  readonly makeForecastingService: typeof makeForecastingService;
  readonly makeServices: typeof makeServices;
  readonly startModels: typeof startModels;
};

/** Loads them from `dist`. */
export async function loadBuilt(): Promise<BuiltModules> {
  const files = [
    'database/database.js',
    'database/migrate.js',
    'forecasting/ensemble.js',
    'forecasting/service.js',
    'services.js',
    'startModels.js',
  ];
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(projectFile('dist', 'src', file)).href)),
  );
  return Object.assign({}, ...modules);
}
