import { existsSync } from 'node:fs';
import { projectFile } from '../../src/projectRoot.ts';

/** Whether the triage model lies in `models/`: it is made by `training/`, and tests that read texts need it. */
export const hasTriageModel = existsSync(projectFile('models', 'triage', 'card.json'));
