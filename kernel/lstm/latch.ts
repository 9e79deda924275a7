// `latch({...})`: the data of lesson 1. A value is set now and then, noise comes in between, and at times one
// is asked which value was set last: nothing but holding it through the noise helps.
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { type Every, rejectUnknown } from './known-names.ts';
import { normal, seededRandom } from './random.ts';
import { tf } from './tf.ts';

/** What happens at a step: a value is set, the held one is asked for, or there is only noise. */
export type LatchPlace = 'set' | 'ask' | 'noise';

/** The values that can be set, in the order of the network's classes. */
const VALUES = [-1, 0, 1] as const;
const SET = 0.08;
const ASK = 0.1;

/** What streams `latch` makes. */
export interface LatchOptions {
  /** Steps of each stream, 2 or more. */
  readonly steps: number;
  /** How many streams stand side by side, 1 unless given. */
  readonly streams?: number;
  /** Same seed, same numbers. */
  readonly seed: number;
  /** Set at the first step alone and ask at the last alone; unless given, both happen now and then. */
  readonly once?: boolean;
}

const OPTIONS: Every<LatchOptions> = { steps: true, streams: true, seed: true, once: true };

interface Step {
  readonly place: LatchPlace;
  /** What the first input says: the value at a set, else noise. */
  readonly value: number;
  /** Class of the value set last. */
  readonly held: number;
}

/** B streams of T steps, as labels and as tensors. Dispose it, or let the cell's end do so. */
export class Latch {
  /** Label of each step, [B][T]: `=1` at a set, the noise's value, `?` where one asks. */
  readonly tokens: readonly (readonly string[])[];
  /** What happens at each step, [B][T]. */
  readonly places: readonly (readonly LatchPlace[])[];
  /** [B, T, 3]: a value, 1 where it is to be set, 1 where the held one is asked for. */
  readonly x: Tensor3D;
  /** Class of the held value (0 for -1, 1 for 0, 2 for 1) where it is asked for, else -1. int32 [B, T]. */
  readonly y: Tensor2D;
  readonly #answers: readonly number[];

  constructor(streams: readonly (readonly Step[])[]) {
    const steps = streams[0]?.length ?? 0;
    this.tokens = streams.map(row => row.map(label));
    this.places = streams.map(row => row.map(({ place }) => place));
    const inputs = streams
      .flat()
      .flatMap(({ place, value }) => [value, +(place === 'set'), +(place === 'ask')]);
    this.x = tf.tensor3d(inputs, [streams.length, steps, 3]);
    this.#answers = streams.flat().map(({ place, held }) => (place === 'ask' ? held : -1));
    this.y = tf.tensor2d([...this.#answers], [streams.length, steps], 'int32');
  }

  /** The steps of one stream; after a question its answer, in brackets. */
  text(stream = 0): string {
    const tokens = this.tokens[stream] ?? [];
    const asked = (t: number) => VALUES[this.#answers[stream * tokens.length + t] ?? -1];
    return tokens
      .map((token, t) => (asked(t) === undefined ? token : `${token} [${minus(asked(t))}]`))
      .join(' ');
  }

  /** Whether one of these happens at a step of a stream: for `meanWhere` of a trace. */
  at(...places: readonly LatchPlace[]): (step: number, row: number) => boolean {
    return (step, row) => {
      const place = this.places[row]?.[step];
      return place !== undefined && places.includes(place);
    };
  }

  /** Share of the questions that the network's output [B, T, 3] answers right, 0 to 1. */
  accuracy(output: Tensor | Tensor[]): number {
    const scores = Array.isArray(output) ? output[0] : output;
    const shape = [...this.y.shape, VALUES.length];
    if (scores?.shape.join() !== shape.join())
      throw new RangeError(
        `Cannot tell the accuracy of an output of shape [${scores?.shape}]: expected [${shape}]`,
      );
    const best = tf.tidy(() => scores.argMax(-1).dataSync());
    const asked = [...this.#answers.keys()].filter(at => this.#answers[at]! >= 0);
    return asked.filter(at => best[at] === this.#answers[at]).length / asked.length;
  }

  dispose(): void {
    this.x.dispose();
    this.y.dispose();
  }
}

/**
 * Streams that set a value from -1, 0, 1 at the first step and with chance .08 later; ask for it with chance
 * .1 elsewhere; and carry normally distributed noise in its place at every step that sets nothing.
 * @throws RangeError for an unknown option, when steps is no whole number from 2, or streams none from 1
 * @example
 * ```ts
 * import { latch } from 'gatebook';
 * const data = latch({ steps: 30, streams: 8, seed: 1 });
 * data.x.shape; // [8, 30, 3]
 * data.places[0]![0]; // 'set'
 * console.log(data.text(0));
 * ```
 */
export function latch(options: LatchOptions): Latch {
  rejectUnknown('make a latch', options, OPTIONS);
  const { steps, streams = 1, seed, once = false } = options;
  for (const [name, value, least] of [
    ['steps', steps, 2],
    ['streams', streams, 1],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`Cannot make a latch: ${name} is ${value}, expected a whole number from ${least}`);
  const random = seededRandom(seed);
  const rows = Array.from({ length: streams }, () =>
    once ? holding(steps, random) : changing(steps, random),
  );
  return new Latch(rows);
}

function holding(steps: number, random: () => number): Step[] {
  const held = pick(random);
  return Array.from({ length: steps }, (_, t) =>
    stepAt(t === 0 ? 'set' : t === steps - 1 ? 'ask' : 'noise', held, random),
  );
}

function changing(steps: number, random: () => number): Step[] {
  let held = 0;
  return Array.from({ length: steps }, (_, t) => {
    if (t === 0 || random() < SET) {
      held = pick(random);
      return stepAt('set', held, random);
    }
    return stepAt(random() < ASK ? 'ask' : 'noise', held, random);
  });
}

function pick(random: () => number): number {
  return Math.floor(random() * VALUES.length);
}

function stepAt(place: LatchPlace, held: number, random: () => number): Step {
  return { place, held, value: place === 'set' ? VALUES[held]! : normal(random) };
}

function label({ place, value }: Step): string {
  if (place === 'ask') return '?';
  return place === 'set' ? `=${minus(value)}` : minus(value.toFixed(1).replace('-0.0', '0.0'));
}

function minus(value: number | string | undefined): string {
  return String(value).replace('-', '−');
}
