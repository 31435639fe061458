import { RowLoader } from '../rowLoader.ts';
import type { JobRow } from './repository.ts';
import type { JobsService } from './service.ts';

export type JobsLoaders = ReturnType<typeof makeJobsLoaders>;

/** Makes the loaders of jobs of one request. */
export function makeJobsLoaders(service: JobsService) {
  return { jobById: new RowLoader<JobRow>((ids) => service.findJobs(ids)) };
}
