import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { badInput } from '../errors.ts';
import { labelsHelp } from './help.ts';
import { withServices } from './withServices.ts';

const labels = ['intent', 'severity', 'sentiment', 'isComplaint'] as const;

/** Runs `labels`: writes masked texts with the labels that people gave them. Throws DomainError. */
export async function runLabels(
  arguments_: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const wanted = readArguments(arguments_);
  if (wanted === 'help') {
    process.stdout.write(labelsHelp);
    return;
  }
  await withServices(env, async ({ services: { complaints } }) => {
    let rows = 0;
    const lines = async function* () {
      yield `text,${wanted.label}\n`;
      for await (const { text, label } of complaints.readLabelledTexts(wanted.label)) {
        rows += 1;
        yield `${toCell(text)},${toCell(label)}\n`;
      }
    };
    await pipeline(Readable.from(lines()), createWriteStream(wanted.file));
    process.stdout.write(`${rows} labelled texts written to ${wanted.file}\n`);
  });
}

function readArguments(arguments_: readonly string[]) {
  const values = parse(arguments_);
  if (values.help === true) return 'help';
  const label = labels.find((known) => known === (values.label ?? 'intent'));
  if (label === undefined)
    throw badInput(`--label must be one of ${labels.join(', ')}, got '${values.label}'.`);
  if (values.out === undefined || values.out === '')
    throw badInput('--out must name the file to write, got none.');
  return { label, file: values.out };
}

function parse(arguments_: readonly string[]) {
  try {
    return parseArgs({
      args: [...arguments_],
      options: {
        label: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw badInput(`The options must be those of --help: ${(error as Error).message.split('. ')[0]}.`);
  }
}

/** A cell of RFC 4180, quoted always: texts hold line ends, commas and quotes. */
function toCell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
