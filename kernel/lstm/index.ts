// The library 'gatebook': what cells and plain Node programs import.
export type { BackendStatus } from '../protocol.ts';
export { backendStatus, type TensorFlow } from '../tensorflow/load.ts';
export { type Accelerated, type AccelerateOptions, accelerate } from './accelerate.ts';
export { Agreement, type AgreementOptions, agreement } from './agreement.ts';
export type { Question } from './agreement-stream.ts';
export { type BidirectionalOptions, bidirectional } from './bidirectional.ts';
export { type LstmCell, type LstmCellOptions, lstmCell } from './cell.ts';
export { check } from './check.ts';
export { predict, reveal } from './check-predict.ts';
export type { CheckpointOptions } from './checkpoint.ts';
export { type Clamped, type ClampOptions, clamp } from './clamp.ts';
export type { EarlyStop, Validation } from './early-stop.ts';
export { FirstWord, type FirstWordOptions, firstWord } from './first-word.ts';
export { type Epoch, type FitOptions, type Fitted, fit } from './fit.ts';
export { type GateShape, GateValues } from './gate-values.ts';
export { type GatesOptions, type GateTensors, gates } from './gates.ts';
export { type GradientFigureOptions, gradientFigure } from './gradient-figure.ts';
export { type GradientOptions, gradientThroughTime } from './gradient-through-time.ts';
export { type ImportOptions, importLstm } from './imports/any.ts';
export { fromKeras, type KerasOptions } from './imports/keras.ts';
export { fromOnnx, type OnnxOptions } from './imports/onnx.ts';
export { fromSafetensors, type SafetensorsOptions } from './imports/pytorch.ts';
export type { Source } from './imports/source.ts';
export type { ImportedLstm, ImportedStack } from './imports/stack.ts';
export type { ModelInput } from './instrument.ts';
export type { HeldAt, HeldName, Places } from './interventions/held.ts';
export { type PatchOptions, patch } from './interventions/patch.ts';
export { Latch, type LatchOptions, latch } from './latch.ts';
export { type GateBias, LstmLayer, type LstmOptions, lstm } from './layer.ts';
export { type LiveLoss, type LiveLossOptions, liveLoss } from './live-loss.ts';
export { type ModelFolder, modelFolder } from './model-folder.ts';
export { byCondition, type Condition } from './questions/conditions.ts';
export {
  type ContributionOptions,
  type Contributions,
  logitContributions,
} from './questions/contributions.ts';
export { type Differing, type DiffOptions, diff, type TraceDifference } from './questions/difference.ts';
export type { HeatmapOptions } from './questions/heatmap.ts';
export { type FlowName, type LearningFlow, type LossOf, learningFlow } from './questions/learning-flow.ts';
export {
  type Label,
  type Labels,
  type Measure,
  type RankedUnit,
  type Ranking,
  type RankOptions,
  rankUnits,
} from './questions/rank-units.ts';
export { type RetentionMatrix, retentionMatrix } from './questions/retention-matrix.ts';
export { seededRandom } from './random.ts';
export { RnnLayer, type RnnOptions, rnn } from './rnn.ts';
export { type Rounded, round } from './round.ts';
export { type Drawable, type SaveFigureOptions, saveFigure } from './save-figure.ts';
export { type SentenceOptions, Sentences, sentences } from './sentences.ts';
export { type SnapshotFigureOptions, snapshotFigure } from './snapshot-figure.ts';
export type { Snapshot, SnapshotOptions } from './snapshots.ts';
export { tf } from './tf.ts';
export { type TraceOptions, trace } from './trace.ts';
export {
  type CompareOptions,
  compareFigure,
  type LedgerOptions,
  type UnitOptions,
} from './trace-figures.ts';
export type { FigureOptions } from './trace-payload.ts';
export type { Ledger, Saturation } from './trace-questions.ts';
export { type GateName, type Selection, Trace } from './trace-result.ts';
export {
  type Batch,
  type Batches,
  type StepListener,
  type StepLoss,
  type Trained,
  type TrainOptions,
  train,
} from './train.ts';
export type { Targets } from './train-loss.ts';
export {
  type Biased,
  Hochreiter1997,
  type HochreiterOptions,
  hochreiter1997,
} from './variants/hochreiter.ts';
export { KINDS, type Kind, type KindName } from './variants/kinds.ts';
export { VariantLayer, type VariantOptions, variant } from './variants/layer.ts';
