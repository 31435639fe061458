// Names the tests that failed and prints `N passed, N failed`, from the reports of Vitest (JSON) and pytest (JUnit XML)
// in a folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? 'reports';
let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of readdirSync(folder)) {
  const text = readFileSync(join(folder, name), 'utf8');
  if (name.endsWith('.json')) {
    const report = JSON.parse(text);
    const brokenFiles = report.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    );
    for (const file of brokenFiles) printFailure(name, file.name, file.message);
    for (const file of report.testResults)
      for (const test of file.assertionResults)
        if (test.status === 'failed')
          printFailure(name, `${file.name}: ${test.fullName}`, test.failureMessages.join('\n'));
    passed += report.numPassedTests;
    failed += report.numFailedTests + brokenFiles.length;
    skipped += report.numPendingTests + report.numTodoTests;
  } else if (name.endsWith('.xml')) {
    const read = (attribute) =>
      Number(new RegExp(`<testsuite [^>]*\\b${attribute}="(\\d+)"`).exec(text)?.[1] ?? 0);
    const [tests, failures, skips] = [read('tests'), read('failures') + read('errors'), read('skipped')];
    passed += tests - failures - skips;
    failed += failures;
    skipped += skips;
  }
}

function printFailure(report, test, message) {
  process.stdout.write(`failed (${report}): ${test}\n  ${message.slice(0, 600).replaceAll('\n', '\n  ')}\n`);
}

process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
