// The table of results, in Markdown. Every experiment stands in it, those never run too.
import type { Experiment, Outcome } from './experiment.ts';

export interface Result {
  readonly name: string;
  /** Commit the runs were made from. */
  readonly commit: string;
  readonly limit: number;
  readonly outcomes: readonly Outcome[];
}

const INTRO = `# Experiments

Written by \`npm run experiments\`: do not edit. \`npm run experiments -- NAME [--seeds N] [--limit N]\` runs one
again. What failed stays in. "Needed" is the mean over the seeds that met the criterion, in sequences (streams,
batches). Nets of 1997 and 2000 are \`hochreiter1997\`, learning on-line with the truncated gradient.
Criteria are those of the papers as far as they are known here; where ours is milder, it says so. For 4 to 6b the
weights are tested on 2,560 fresh sequences.
`;

export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

export function table(experiments: readonly Experiment[], results: readonly Result[]): string {
  const parts = experiments.map(one => {
    const found = results.find(({ name }) => name === one.name);
    return { row: row(one, found), details: details(one, found) };
  });
  const head = ['experiment', 'seeds', 'solved', 'needed (mean)', 'paper'];
  const lines = [head, head.map(() => '---'), ...parts.map(part => part.row)];
  return [
    INTRO,
    ...lines.map(cells => `| ${cells.join(' | ')} |`),
    '',
    ...parts.map(part => part.details),
  ].join('\n');
}

function row({ name, title, paper }: Experiment, result: Result | undefined): string[] {
  const what = `**${name}** ${title}`;
  if (!result) return [what, '–', 'not run', '–', paper];
  const needed = result.outcomes.flatMap(one => (one.needed === null ? [] : [one.needed]));
  const mean = needed.reduce((sum, value) => sum + value, 0) / needed.length;
  const seeds = result.outcomes.map(({ seed }) => seed).join(', ');
  const solved = `${needed.length} of ${result.outcomes.length}`;
  return [what, seeds, solved, needed.length > 0 ? grouped(mean) : '–', paper];
}

function details(one: Experiment, result: Result | undefined): string {
  const lines = [`## ${one.name}`, '', `${one.title}. ${one.source}.`, ''];
  lines.push(`- Settings: ${one.settings}`, `- Criterion: ${one.criterion}`, `- Paper: ${one.paper}`);
  if (!result) return [...lines, '- Not run.', ''].join('\n');
  lines.push(`- Ours, at commit ${result.commit}, given up after ${grouped(result.limit)}:`);
  for (const { seed, needed, detail } of result.outcomes) {
    const end = needed === null ? 'not solved' : grouped(needed);
    lines.push(`  - seed ${seed}: ${end}${detail ? `; ${detail}` : ''}`);
  }
  return [...lines, ...figures(result.outcomes), ''].join('\n');
}

/** A table of what was measured: over the seeds, the mean, and the lowest and highest. */
function figures(outcomes: readonly Outcome[]): string[] {
  const names = Object.keys(outcomes[0]?.figures ?? {});
  if (names.length === 0) return [];
  const rows = names.map(name => {
    const values = outcomes.flatMap(one => one.figures?.[name] ?? []);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [name, ...[mean, Math.min(...values), Math.max(...values)].map(rounded)];
  });
  const head = ['', 'mean', 'lowest', 'highest'];
  return ['', ...[head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`)];
}

const rounded = (value: number): string =>
  Math.abs(value) < 1000 ? `${+value.toPrecision(3)}` : grouped(value);
