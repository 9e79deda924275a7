// Draws the lessons' figures: `node notebooks/drawings/draw.mjs` writes every SVG beside this file.
// One cell, one style (draw/cell.mjs); a lesson lights the part it speaks of (draw/LESSON.mjs).
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lstmCell, notation, rnnCell } from './draw/basic-structure.mjs';
import { cellState, gate } from './draw/cell-state.mjs';
import { cellUpdate } from './draw/cell-update.mjs';
import { forgetGate, shares } from './draw/forget-gate.mjs';
import { inputGate, inputShares } from './draw/input-gate.mjs';
import { outputGate, outputShares } from './draw/output-gate.mjs';

/** By file name without language and ending; each draws itself in 'ko' or 'en'. */
const DRAWINGS = {
  'rnn-cell': rnnCell,
  'lstm-cell': lstmCell,
  notation: notation,
  'cell-state': cellState,
  'cell-update': cellUpdate,
  'forget-gate': forgetGate,
  'forget-shares': shares,
  gate,
  'input-gate': inputGate,
  'input-shares': inputShares,
  'output-gate': outputGate,
  'output-shares': outputShares,
};

/** Every drawing by the name of its file. */
export function drawings() {
  const named = Object.entries(DRAWINGS);
  return Object.fromEntries(
    ['ko', 'en'].flatMap(language =>
      named.map(([name, draw]) => [`${name}.${language}.svg`, draw(language)]),
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = dirname(fileURLToPath(import.meta.url));
  for (const [name, content] of Object.entries(drawings())) writeFileSync(join(folder, name), content);
}
