// `gatebook setup`: native TensorFlow, and the native LSTM kernel beside it.
import { buildLstmAddon } from '../lstm/kernels/compiled/addon-build.ts';
import { type SetupOptions, type SetupOutcome, setup as setupTensorFlow } from '../tensorflow/install.ts';

/** Both are made where they can be; the outcome is TensorFlow's, as the LSTM kernel has others behind it. */
export async function setup(
  report: (line: string) => void,
  options: SetupOptions = {},
): Promise<SetupOutcome> {
  const outcome = await setupTensorFlow(report, options);
  if (await buildLstmAddon(report, options.environment)) report('The native LSTM kernel is ready.');
  return outcome;
}
