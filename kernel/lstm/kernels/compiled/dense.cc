// A dense layer on every row, and losses of its output: what stands on top of an LSTM in training. Packed
// weights are [group of PANEL columns][K + 1][PANEL], the last row being the bias; K inputs, N outputs.
#include "products.h"

static inline int groupsOf(int columns) { return (columns + PANEL - 1) / PANEL; }

EXPORT int dense_panel() { return PANEL; }

EXPORT void dense_pack(int K, int N, const float* weights, const float* bias, float* to) {
  for (int group = 0; group < groupsOf(N); group++)
    for (int k = 0; k <= K; k++)
      for (int lane = 0; lane < PANEL; lane++, to++) {
        int column = group * PANEL + lane;
        const float* row = k < K ? weights + (ptrdiff_t)k * N : bias;
        *to = column < N && row ? row[column] : 0;
      }
}

EXPORT void dense_unpack(int K, int N, const float* from, float* weights, float* bias) {
  for (int group = 0; group < groupsOf(N); group++)
    for (int k = 0; k <= K; k++)
      for (int lane = 0; lane < PANEL; lane++, from++) {
        int column = group * PANEL + lane;
        float* row = k < K ? weights + (ptrdiff_t)k * N : bias;
        if (column < N && row) row[column] = *from;
      }
}

// As the backward pass walks them: groups of 4, 2 or 1 vectors of inputs, each [padded N][vectors]
EXPORT void dense_pack_transposed(int K, int N, const float* weights, float* to) {
  int wide = blocksOf(K);
  for (int at = 0; at < wide;) {
    int v = wide - at >= 4 ? 4 : wide - at >= 2 ? 2 : 1;
    for (int column = 0; column < groupsOf(N) * PANEL; column++)
      for (int lane = 0; lane < v * WIDTH; lane++, to++) {
        int k = at * WIDTH + lane;
        *to = k < K && column < N ? weights[(ptrdiff_t)k * N + column] : 0;
      }
    at += v;
  }
}

template <int R>
INLINE void denseRows(int K, int N, const float* x, const float* panel, float* out, int count) {
  vec sums[R][4];
  for (int r = 0; r < R; r++)
    for (int v = 0; v < 4; v++) sums[r][v] = load(panel + (ptrdiff_t)K * PANEL + v * WIDTH);
  multiply<R>(sums, x, K, panel, K);
  for (int r = 0; r < R; r++)
    for (int v = 0; v < 4; v++)
      if (count > v * WIDTH) storeSome(out + (ptrdiff_t)r * N + v * WIDTH, sums[r][v], count - v * WIDTH);
}

// out [rows, N] = x [rows, K] times weights, plus bias
EXPORT void dense_forward(int rows, int K, int N, const float* x, const float* packed, float* out) {
  for (int group = 0; group < groupsOf(N); group++) {
    const float* panel = packed + (ptrdiff_t)group * (K + 1) * PANEL;
    float* to = out + group * PANEL;
    int row = 0, count = N - group * PANEL;
    for (; row + ROWS <= rows; row += ROWS)
      denseRows<ROWS>(K, N, x + (ptrdiff_t)row * K, panel, to + (ptrdiff_t)row * N, count);
    for (; row < rows; row++) denseRows<1>(K, N, x + (ptrdiff_t)row * K, panel, to + (ptrdiff_t)row * N, count);
  }
}

// dy [rows, N] as the products want it: [group][row][PANEL], padded with zeros
INLINE void panelsOf(int rows, int N, const float* dy, float* to) {
  for (int group = 0; group < groupsOf(N); group++)
    for (int row = 0; row < rows; row++, to += PANEL) {
      const float* from = dy + (ptrdiff_t)row * N + group * PANEL;
      for (int v = 0; v < 4; v++) {
        int count = N - group * PANEL - v * WIDTH;
        store(to + v * WIDTH, count > 0 ? loadSome(from + v * WIDTH, count) : (vec){});
      }
    }
}

// From dy: the packed gradient of the weights is added to `into`, that of x [rows, K] written to `dx`.
// `scratch` holds rows * padded N floats.
EXPORT void dense_backward(int rows, int K, int N, const float* x, const float* transposed, const float* dy, float* into,
                           float* dx, float* scratch) {
  int groups = groupsOf(N);
  panelsOf(rows, N, dy, scratch);
  const float *lines[LINES], *ones[LINES];
  for (int from = 0; from < rows; from += LINES) {
    int count = least(LINES, rows - from);
    for (int line = 0; line < count; line++) {
      lines[line] = x + (ptrdiff_t)(from + line) * K;
      ones[line] = &one;
    }
    for (int group = 0; group < groups; group++) {
      const float* slopes = scratch + ((ptrdiff_t)group * rows + from) * PANEL;
      float* to = into + (ptrdiff_t)group * (K + 1) * PANEL;
      outer(lines, K, slopes, count, to);
      outer(ones, 1, slopes, count, to + (ptrdiff_t)K * PANEL);
    }
  }
  transposedProduct(scratch, (ptrdiff_t)rows * PANEL, groups, transposed, dx, K, K, rows);
}

INLINE float sumOf(vec value) {
  float sum = 0;
  for (int lane = 0; lane < WIDTH; lane++) sum += value[lane];
  return sum;
}

INLINE vec exponential(vec x) {
  x = x < -87.f ? splat(-87.f) : x;
  x = x > 88.f ? splat(88.f) : x;
  vec scale, part = exponentParts(x, &scale);
  return scale * part + scale;
}

// -log softmax of each row's class, summed, in nats; `logits` become the gradient of the mean. A class below 0
// is none: its row gets zeros. ln by the C library's series would need one: the caller takes logs of `sums`.
EXPORT void softmax_rows(int rows, int N, float* logits, const int32_t* classes, float share, float* sums, float* chosen) {
  for (int row = 0; row < rows; row++, logits += N) {
    if (classes[row] < 0) {
      for (int at = 0; at < N; at++) logits[at] = 0;
      sums[row] = 1, chosen[row] = 0;
      continue;
    }
    float most = logits[0];
    for (int at = 1; at < N; at++) most = logits[at] > most ? logits[at] : most;
    chosen[row] = logits[classes[row]] - most;
    vec sum = {};
    float rest = 0;
    int at = 0;
    for (; at + WIDTH <= N; at += WIDTH) {
      vec e = exponential(load(logits + at) - most);
      store(logits + at, e);
      sum += e;
    }
    if (at < N) {
      vec e = exponential(loadSome(logits + at, N - at) - most);
      storeSome(logits + at, e, N - at);
      for (int lane = 0; lane < N - at; lane++) rest += e[lane];
    }
    sums[row] = sumOf(sum) + rest;
    float scale = share / sums[row];
    for (at = 0; at < N; at++) logits[at] *= scale;
    logits[classes[row]] -= share;
  }
}

static int countKnown(int count, const float* targets) {
  int known = 0, at = 0;
  ivec each = {};
  for (; at + WIDTH <= count; at += WIDTH) each -= (ivec)(load(targets + at) == load(targets + at));
  for (int lane = 0; lane < WIDTH; lane++) known += each[lane];
  for (; at < count; at++) known += targets[at] == targets[at];
  return known;
}

// `out` becomes `twice` its difference from the targets that are not NaN. Gives the sum of squared differences.
INLINE float squaredRow(int count, float* out, const float* targets, float twice) {
  vec sums = {};
  for (int at = 0; at < count; at += WIDTH) {
    vec wanted = loadSome(targets + at, count - at), off = loadSome(out + at, count - at) - wanted;
    off = wanted == wanted ? off : (vec){};
    sums += off * off;
    storeSome(out + at, off * twice, count - at);
  }
  return sumOf(sums);
}

// Mean squared difference of `out` [T, B, N] from the targets [B, T, N] that are not NaN; `out` becomes its gradient.
EXPORT float squared_rows(int steps, int batch, int N, float* out, const float* targets) {
  int known = countKnown(steps * batch * N, targets);
  float share = 1.f / (known > 0 ? known : 1);
  double sum = 0;
  for (int step = 0; step < steps; step++)
    for (int row = 0; row < batch; row++, out += N)
      sum += squaredRow(N, out, targets + ((ptrdiff_t)row * steps + step) * N, 2 * share);
  return (float)(sum * share);
}
