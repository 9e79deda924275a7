// Options that are none of the known ones are refused, with the nearest known one, instead of passed over in
// silence.
import { suggestion } from '../near-names.ts';

/** The keys of an options type, each once: the compiler tells where one is missing or one too many. */
export type Every<Options> = Readonly<Record<keyof Options, true>>;

/** More names than this are listed only where none of them is near. */
const LONG = 16;

/**
 * @param doing what cannot be done with it, such as 'clamp'
 * @throws RangeError for an option that is not known, with the nearest that is: a misspelt option that is
 *   passed over looks like one that has no effect; TypeError where the options are no object
 */
export function rejectUnknown<Options extends object>(
  doing: string,
  given: Options,
  known: Every<Options>,
): void {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(
      `Cannot ${doing}: the options are ${String(given)}, expected an object of ${Object.keys(known).join(', ')}.`,
    );
  }
  const unknown = Object.keys(given).find(name => !Object.hasOwn(known, name));
  if (unknown === undefined) return;
  const names = Object.keys(known);
  const meant = suggestion(unknown, names);
  const list = meant !== '' && names.length > LONG ? '' : ` Known: ${names.join(', ')}.`;
  throw new RangeError(`Cannot ${doing}: there is no option '${unknown}'${meant || '.'}${list}`);
}
