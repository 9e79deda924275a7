// What a tensor's values are like, in words and numbers: for its text as for its card.
import { bytesText, countText } from './inspect-html.ts';
import type { TensorLike } from './inspect-tensors.ts';
import { type Summary, sizeOf } from './tensor-reading.ts';

const BYTES_A_VALUE: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, complex64: 8 };

/** `−1.2 to 3.1`, `mean 0.02`, `2 NaN`, `24 kB`; what was only sampled says so. */
export function factsOf(tensor: TensorLike, summary: Summary): string[] {
  const { least, most, mean, nans, infinities, oneIn } = summary;
  const about = oneIn > 1 ? 'about ' : '';
  const found = oneIn > 1 ? ' in the sample' : '';
  const range = [
    `${about}${shortNumber(least)} to ${shortNumber(most)}`,
    `mean ${about}${shortNumber(mean)}`,
  ];
  return [
    ...(Number.isNaN(least) ? [] : range),
    ...(nans > 0 ? [`${countText(nans)} NaN${found}`] : []),
    ...(infinities > 0 ? [`${countText(infinities)} infinite${found}`] : []),
    bytesText(sizeOf(tensor.shape) * (BYTES_A_VALUE[tensor.dtype] ?? 4)),
    ...(oneIn > 1 ? [`from one value in ${countText(oneIn)}`] : []),
  ];
}

/** Four significant digits, with a true minus. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '\u2212');
}
