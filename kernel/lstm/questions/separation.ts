// How well a number tells labels apart: area under the ROC curve, d', mutual information. Pure; NaN in, NaN out.

/** Values with the number of their label, from 0. */
export type Sample = readonly { readonly value: number; readonly label: number }[];

/**
 * P(value under label 1 > value under label 0) + P(equal) / 2: the Mann-Whitney U over n m, which is the area under
 * the ROC curve (Hanley and McNeil 1982). By ranks, equal values sharing their mean rank.
 */
export function areaUnderCurve(sample: Sample): number {
  if (sample.some(({ value }) => Number.isNaN(value))) return Number.NaN;
  const sorted = [...sample].sort((left, right) => left.value - right.value);
  let rankSum = 0;
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sorted[to]!.value === sorted[from]!.value) to++;
    const rank = (from + 1 + to) / 2; // ranks from + 1 .. to
    for (let at = from; at < to; at++) rankSum += sorted[at]!.label * rank;
  }
  const ones = sorted.filter(({ label }) => label === 1).length;
  return (rankSum - (ones * (ones + 1)) / 2) / (ones * (sorted.length - ones));
}

/**
 * (mean1 - mean0) / sqrt((var0 + var1) / 2), variances with n - 1: d' for unequal variances, d_a (Simpson and
 * Fitter 1973). Infinite where both labels have one value each and these differ, 0 where all values are equal.
 */
export function dPrime(sample: Sample): number {
  const [zero, one] = [0, 1].map(label => moments(sample.filter(entry => entry.label === label))) as [
    Moments,
    Moments,
  ];
  const distance = one.mean - zero.mean;
  return distance === 0 ? 0 : distance / Math.sqrt((zero.variance + one.variance) / 2);
}

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

function moments(sample: Sample): Moments {
  const mean = sample.reduce((sum, { value }) => sum + value, 0) / sample.length;
  const squares = sample.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (sample.length - 1) };
}

/**
 * Mutual information of the binned value and the label in bits: sum p(b, l) log2 (p(b, l) / p(b) p(l)), bins of as
 * equal counts as ties allow (equal values share a bin). Less its bias from a small sample, (B - 1) (L - 1) / 2 N
 * ln 2 (Miller 1955), and never below 0.
 */
export function mutualInformation(sample: Sample, bins: number): number {
  if (sample.some(({ value }) => Number.isNaN(value))) return Number.NaN;
  const binned = binsOf(sample, bins);
  const count = (key: (at: number) => string) => {
    const counts = new Map<string, number>();
    for (const at of sample.keys()) counts.set(key(at), (counts.get(key(at)) ?? 0) + 1);
    return counts;
  };
  const byBin = count(at => String(binned[at]));
  const byLabel = count(at => String(sample[at]!.label));
  const total = sample.length;
  let bits = 0;
  for (const [both, joint] of count(at => `${binned[at]} ${sample[at]!.label}`)) {
    const [bin, label] = both.split(' ') as [string, string];
    bits += (joint / total) * Math.log2((joint * total) / (byBin.get(bin)! * byLabel.get(label)!));
  }
  return Math.max(0, bits - ((byBin.size - 1) * (byLabel.size - 1)) / (2 * total * Math.LN2));
}

/** The bin of each entry: its mean rank among all, in `bins` equal parts. */
function binsOf(sample: Sample, bins: number): readonly number[] {
  const sorted = [...sample.keys()].sort((left, right) => sample[left]!.value - sample[right]!.value);
  const out = new Array<number>(sample.length).fill(0);
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    while (to < sorted.length && sample[sorted[to]!]!.value === sample[sorted[from]!]!.value) to++;
    const bin = Math.floor((((from + to) / 2) * bins) / sorted.length); // mean rank, from 0 to less than 1
    for (let at = from; at < to; at++) out[sorted[at]!] = Math.min(bin, bins - 1);
  }
  return out;
}
