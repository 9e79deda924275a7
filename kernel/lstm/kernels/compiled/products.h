// Products of matrices, in the three forms that a layer and its gradients need. A panel is a column block of a
// packed matrix: PANEL floats a row, four vectors.
#pragma once
#include "vectors.h"

// sums[row][gate] += values[row][k] * panel[k], for R rows `stride` floats apart.
template <int R>
INLINE void multiply(vec (&sums)[R][4], const float* values, ptrdiff_t stride, const float* panel, int count) {
  for (int k = 0; k < count; k++, panel += PANEL) {
    vec w0 = load(panel), w1 = load(panel + WIDTH), w2 = load(panel + 2 * WIDTH), w3 = load(panel + 3 * WIDTH);
#pragma GCC unroll 4
    for (int r = 0; r < R; r++) {
      float v = values[r * stride + k];
      sums[r][0] += v * w0;
      sums[r][1] += v * w1;
      sums[r][2] += v * w2;
      sums[r][3] += v * w3;
    }
  }
}

// One row: two chains of sums, as four would wait for each other.
INLINE void multiplyOne(vec (&sums)[4], const float* values, const float* panel, int count) {
  vec more[4] = {};
  int k = 0;
  for (; k + 1 < count; k += 2, panel += 2 * PANEL) {
#pragma GCC unroll 4
    for (int gate = 0; gate < 4; gate++) {
      sums[gate] += values[k] * load(panel + gate * WIDTH);
      more[gate] += values[k + 1] * load(panel + PANEL + gate * WIDTH);
    }
  }
  if (k < count)
    for (int gate = 0; gate < 4; gate++) sums[gate] += values[k] * load(panel + gate * WIDTH);
  for (int gate = 0; gate < 4; gate++) sums[gate] += more[gate];
}

// out[row][..V * WIDTH] = sum over k of dz[row][k] * panel[k], where k runs over blocks, gates and lanes.
template <int R, int V>
INLINE void timesTransposed(const float* dz, ptrdiff_t blockStride, int blocks, const float* panel, vec (&sums)[R][V]) {
  for (int block = 0; block < blocks; block++, dz += blockStride)
    for (int k = 0; k < PANEL; k++, panel += V * WIDTH) {
      vec w[V];
      for (int v = 0; v < V; v++) w[v] = load(panel + v * WIDTH);
#pragma GCC unroll 4
      for (int r = 0; r < R; r++) {
        float value = dz[r * PANEL + k];
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) sums[r][v] += value * w[v];
      }
    }
}

// One row: two chains of sums, as four would wait for each other. `back` walks the blocks from the last to the
// first: what was read last is still in the nearest cache.
template <int V>
INLINE void timesTransposedOne(const float* dz, ptrdiff_t blockStride, int blocks, const float* panel, vec (&sums)[1][V],
                               bool back) {
  vec more[V];
  for (int v = 0; v < V; v++) more[v] = (vec){};
  for (int turn = 0; turn < blocks; turn++) {
    int block = back ? blocks - 1 - turn : turn;
    const float *own = dz + block * blockStride, *at = panel + (ptrdiff_t)block * PANEL * V * WIDTH;
    for (int k = 0; k < PANEL; k += 2, at += 2 * V * WIDTH)
#pragma GCC unroll 4
      for (int v = 0; v < V; v++) {
        sums[0][v] += own[k] * load(at + v * WIDTH);
        more[v] += own[k + 1] * load(at + (V + v) * WIDTH);
      }
  }
  for (int v = 0; v < V; v++) sums[0][v] += more[v];
}

template <int R, int V>
INLINE void transposedRows(const float* dz, ptrdiff_t blockStride, int blocks, const float* panel, float* out,
                           ptrdiff_t outStride, int count, bool back) {
  vec sums[R][V];
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) sums[r][v] = (vec){};
  if constexpr (R == 1) timesTransposedOne<V>(dz, blockStride, blocks, panel, sums, back);
  else timesTransposed<R, V>(dz, blockStride, blocks, panel, sums);
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) {
      int left = count - v * WIDTH;
      if (left > 0) storeSome(out + r * outStride + v * WIDTH, sums[r][v], left);
    }
}

template <int V>
INLINE void transposedGroup(const float* dz, ptrdiff_t blockStride, int blocks, const float* panel, float* out,
                            ptrdiff_t outStride, int count, int rows, bool back) {
  int row = 0;
  for (; row + ROWS <= rows; row += ROWS)
    transposedRows<ROWS, V>(dz + row * PANEL, blockStride, blocks, panel, out + row * outStride, outStride, count, back);
  for (; row < rows; row++)
    transposedRows<1, V>(dz + row * PANEL, blockStride, blocks, panel, out + row * outStride, outStride, count, back);
}

// out[row][0..columns) = dz[row] times the transposed weights, packed in groups of up to 4 vectors.
INLINE void transposedProduct(const float* dz, ptrdiff_t blockStride, int blocks, const float* packed, float* out,
                              ptrdiff_t outStride, int columns, int rows, bool back = false) {
  int wide = blocksOf(columns), depth = blocks * PANEL;
  for (int at = 0; at < wide;) {
    int v = wide - at >= 4 ? 4 : wide - at >= 2 ? 2 : 1;
    int left = columns - at * WIDTH;
    float* to = out + at * WIDTH;
    if (v == 4) transposedGroup<4>(dz, blockStride, blocks, packed, to, outStride, left, rows, back);
    else if (v == 2) transposedGroup<2>(dz, blockStride, blocks, packed, to, outStride, left, rows, back);
    else transposedGroup<1>(dz, blockStride, blocks, packed, to, outStride, left, rows, back);
    packed += (ptrdiff_t)depth * v * WIDTH;
    at += v;
  }
}

// Sums over rows of values[row][k..k+R) times dz[row], added to the packed gradient of the weights.
template <int R>
INLINE void outerRows(const float* const* lines, int k, const float* dz, int rows, float* into) {
  vec sums[R][4];
  for (int r = 0; r < R; r++)
    for (int gate = 0; gate < 4; gate++) sums[r][gate] = load(into + r * PANEL + gate * WIDTH);
  for (int row = 0; row < rows; row++, dz += PANEL) {
    const float* line = lines[row] + k;
    vec w0 = load(dz), w1 = load(dz + WIDTH), w2 = load(dz + 2 * WIDTH), w3 = load(dz + 3 * WIDTH);
#pragma GCC unroll 4
    for (int r = 0; r < R; r++) {
      float v = line[r];
      sums[r][0] += v * w0;
      sums[r][1] += v * w1;
      sums[r][2] += v * w2;
      sums[r][3] += v * w3;
    }
  }
  for (int r = 0; r < R; r++)
    for (int gate = 0; gate < 4; gate++) store(into + r * PANEL + gate * WIDTH, sums[r][gate]);
}

INLINE void outer(const float* const* lines, int columns, const float* dz, int rows, float* into) {
  int k = 0;
  for (; k + ROWS <= columns; k += ROWS) outerRows<ROWS>(lines, k, dz, rows, into + (ptrdiff_t)k * PANEL);
  for (; k < columns; k++) outerRows<1>(lines, k, dz, rows, into + (ptrdiff_t)k * PANEL);
}

static const float one = 1;
#define LINES 128  // rows whose gradients stay in the cache while they are summed
