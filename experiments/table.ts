// The table of results, in Markdown. Every experiment stands in it, those never run too.
import type { Experiment, Outcome } from './experiment.ts';
import { type KeptOutcome, outcomesOf, type Result } from './results.ts';

const INTRO = `# Experiments

What the papers' experiments give here, beside the papers' own figures. What failed stays in, with a sentence on what
was seen. "Needed" is what had to be learnt from until the criterion was met, in sequences (streams, batches): the mean
over the seeds that met it, and the lowest and highest. Nets of 1997 and 2000 are \`hochreiter1997\`, learning on-line
with the truncated gradient; settings and criteria are the papers' unless said otherwise.

Written by \`npm run experiments\`, not by hand. \`npm run experiments -- NAME ... [--seeds N or N-M] [--limit N]\` runs some
again, and puts what they gave in the place of what the same seeds gave before.
`;

export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

export function table(experiments: readonly Experiment[], results: readonly Result[]): string {
  const parts = experiments.map(one => {
    const found = results.find(({ name }) => name === one.name);
    const outcomes = found ? outcomesOf(found) : [];
    return { row: row(one, outcomes), details: details(one, outcomes) };
  });
  const seen = experiments.flatMap(({ name, seen }) => (seen ? [`- **${name}**: ${seen}`] : []));
  return [
    INTRO,
    ...grid([['experiment', 'paper', 'solved here', 'needed here'], ...parts.map(part => part.row)]),
    '',
    ...(seen.length > 0 ? ['## What was seen', '', ...seen, ''] : []),
    ...parts.map(part => part.details),
  ].join('\n');
}

/** Lines of a table, the first row its head. */
function grid([head, ...rows]: readonly (readonly string[])[]): string[] {
  return [head!, head!.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`);
}

function row({ name, title, paper }: Experiment, outcomes: readonly Outcome[]): string[] {
  const what = `[**${name}**](#${name.replaceAll('.', '').toLowerCase()}) ${title}`;
  if (outcomes.length === 0) return [what, paper, 'not run', '–'];
  const needed = outcomes.flatMap(one => (one.needed === null ? [] : [one.needed]));
  return [what, paper, `${needed.length} of ${outcomes.length}`, spread(needed)];
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return grouped(mean);
  return `${grouped(mean)} (${grouped(Math.min(...values))} to ${grouped(Math.max(...values))})`;
}

function details(one: Experiment, outcomes: readonly KeptOutcome[]): string {
  const lines = [`## ${one.name}`, '', `${one.title}. ${one.source}.`, ''];
  lines.push(`- Settings: ${one.settings}`, `- Criterion: ${one.criterion}`, `- Paper: ${one.paper}`);
  if (one.seen) lines.push(`- Seen: ${one.seen}`);
  if (outcomes.length === 0) return [...lines, '- Not run.', ''].join('\n');
  const runs = outcomes.map(({ seed, needed, detail, limit, commit }) => [
    `${seed}`,
    needed === null ? `not in ${grouped(limit ?? one.limit)}` : grouped(needed),
    detail.replaceAll('|', '\\|'),
    commit ?? '',
  ]);
  return [
    ...lines,
    '',
    ...grid([['seed', 'needed', 'and', 'at commit'], ...runs]),
    ...figures(outcomes),
    '',
  ].join('\n');
}

/** A table of what was measured: over the seeds, the mean, and the lowest and highest. */
function figures(outcomes: readonly Outcome[]): string[] {
  const names = [...new Set(outcomes.flatMap(one => Object.keys(one.figures ?? {})))];
  if (names.length === 0) return [];
  const rows = names.map(name => {
    const values = outcomes.flatMap(one => one.figures?.[name] ?? []);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const among = values.length < outcomes.length ? ` (${values.length} seeds)` : '';
    return [
      `${name.replaceAll('|', '\\|')}${among}`,
      ...[mean, Math.min(...values), Math.max(...values)].map(rounded),
    ];
  });
  return ['', ...grid([['', 'mean', 'lowest', 'highest'], ...rows])];
}

const rounded = (value: number): string =>
  Math.abs(value) < 1000 ? `${+value.toPrecision(3)}` : grouped(value);
