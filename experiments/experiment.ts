// What an experiment is, and what one seed of it gave.

export interface Outcome {
  readonly seed: number;
  /** Sequences learnt from until the criterion was met; null where it was not. */
  readonly needed: number | null;
  /** What else there is to say of this seed, in a few words. */
  readonly detail: string;
  /** Numbers by name, the same names for each seed: the table gives their mean and range over the seeds. */
  readonly figures?: Readonly<Record<string, number>>;
}

export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** Paper and section. */
  readonly source: string;
  /** Net, learning rate and first weights. */
  readonly settings: string;
  readonly criterion: string;
  /** What the paper gives: sequences needed, share solved. */
  readonly paper: string;
  /** Sequences after which a seed is given up. */
  readonly limit: number;
  /** One sentence on what the runs showed, where they fell short of the paper or beside it. */
  readonly seen?: string;
  run(seed: number, limit: number): Outcome | Promise<Outcome>;
}
