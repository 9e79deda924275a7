// One row of the table: ours against one peer, by turns.
import type { Entrant } from './entrants.ts';
import { callsOf, type Size } from './sizes.ts';

/** Who is measured against; without `run` it is not installed here. */
export type Peer = Pick<Entrant, 'name' | 'most'> & Partial<Pick<Entrant, 'run' | 'dispose'>>;

export interface Measurement {
  readonly case: string;
  readonly ours: string;
  readonly peer: string;
  readonly unit: 'ms';
  readonly oursRun: () => Promise<number>;
  readonly peerRun?: () => Promise<number>;
  readonly seconds: number;
  readonly fewest?: number;
  readonly dispose: () => void;
}

export function against(size: Size, what: string, ours: Entrant, peer: Peer): Measurement {
  const calls = callsOf(size);
  const { run } = peer;
  return {
    case: `${what} ${size.join(',')}`,
    ours: ours.name,
    peer: peer.name,
    unit: 'ms',
    seconds: run ? 3 : 0,
    oursRun: () => ours.run(calls),
    ...(run ? { peerRun: () => run(Math.min(calls, peer.most ?? calls)) } : {}),
    dispose: () => {
      ours.dispose();
      peer.dispose?.();
    },
  };
}
