// The LSTM over a whole sequence, forward and backward, for WebAssembly SIMD and for x86-64 with AVX2: one
// source, in the compiler's vector extensions, without a library. Sizes: T steps, B rows, D inputs, H units.
//   z = x W + h U + b;  i, f, o = sigmoid(z);  g = tanh(z);  c = f c' + i g;  a = tanh(c);  h = o a
//
// Units are taken WIDTH at a time, a block. Packed weights are [block][D + H + 1][4 gates][WIDTH], the last
// row being the bias, so that one walk down a block's panel gives i, f, g and o of the same units. What is
// shorter than a block is padded with zeros.
#include <stddef.h>
#include <stdint.h>

#ifdef __AVX2__
#define WIDTH 8
#define ROWS 3  // rows x 4 accumulators that fit the registers
#else
#define WIDTH 4
#define ROWS 2
#endif
#define CHUNK 32  // batch rows that go through the steps together: more would alias in the cache
#define SPAN 64   // steps whose x W is computed ahead where there are few rows
#define PANEL (4 * WIDTH)

typedef float vec __attribute__((vector_size(4 * WIDTH), aligned(4)));
typedef int32_t ivec __attribute__((vector_size(4 * WIDTH), aligned(4)));
#define INLINE static inline __attribute__((always_inline))

INLINE vec load(const float* from) { return *(const vec*)from; }
INLINE void store(float* to, vec value) { *(vec*)to = value; }
INLINE vec splat(float value) { return value - (vec){}; }
static inline int blocksOf(int units) { return (units + WIDTH - 1) / WIDTH; }
static inline int least(int a, int b) { return a < b ? a : b; }

// e^r - 1 for |r| <= ln 2 / 2, and 2^n, where x = n ln 2 + r (Cody and Waite 1980): 1.5e-7 relative.
INLINE vec exponentParts(vec x, vec* scale) {
  const float shift = 12582912.f;  // 1.5 * 2^23: adding it rounds to a whole number
  vec n = x * 1.44269504088896341f + shift;
  ivec bits = (ivec)n;
  n -= shift;
  vec r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  vec p = splat(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  *scale = (vec)((bits << 23) + 0x3f800000);
  return p * r * r + r;
}

// Comparisons keep a NaN: it is neither above nor below.
INLINE vec sigmoid(vec x) {
  vec y = -x;
  y = y > 88.f ? splat(88.f) : y;
  y = y < -87.f ? splat(-87.f) : y;
  vec scale, part = exponentParts(y, &scale);
  return 1.f / (1.f + (scale * part + scale));
}

INLINE vec hyperbolicTangent(vec x) {
  ivec sign = (ivec)x & (ivec)splat(-0.f);
  vec y = (vec)((ivec)x & 0x7fffffff) * 2.f;
  y = y > 40.f ? splat(40.f) : y;
  vec scale, part = exponentParts(y, &scale);
  vec e = scale * part + (scale - 1.f);
  return (vec)((ivec)(e / (e + 2.f)) | sign);
}

INLINE void storeSome(float* to, vec value, int count) {
  if (count >= WIDTH) return store(to, value);
  for (int lane = 0; lane < count; lane++) to[lane] = value[lane];
}

INLINE vec loadSome(const float* from, int count) {
  if (count >= WIDTH) return load(from);
  vec value = {};
  for (int lane = 0; lane < count; lane++) value[lane] = from[lane];
  return value;
}

// sums[row][gate] += values[row][k] * panel[k], for R rows `stride` floats apart.
template <int R>
INLINE void multiply(vec (&sums)[R][4], const float* values, ptrdiff_t stride, const float* panel, int count) {
  for (int k = 0; k < count; k++, panel += PANEL) {
    vec w0 = load(panel), w1 = load(panel + WIDTH), w2 = load(panel + 2 * WIDTH), w3 = load(panel + 3 * WIDTH);
#pragma GCC unroll 3
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

struct Forward {
  int steps, batch, inputs, units;
  int inputStep, inputRow;    // row of x at step t, batch row b: t * inputStep + b * inputRow
  int outputStep, outputRow;  // the same for what comes out
  const float *x, *packed, *h0, *c0;
  float *i, *f, *g, *o, *c, *a, *h;
};

// Gates of one block and one row from its sums, written where they belong; c is carried in `cell`.
INLINE void cellOf(const Forward& run, vec z0, vec z1, vec z2, vec z3, float* cell, float* hidden, ptrdiff_t at,
                   int count) {
  vec i = sigmoid(z0), f = sigmoid(z1), g = hyperbolicTangent(z2), o = sigmoid(z3);
  vec c = f * load(cell) + i * g;
  vec a = hyperbolicTangent(c), h = o * a;
  store(cell, c);
  store(hidden, h);
  storeSome(run.i + at, i, count);
  storeSome(run.f + at, f, count);
  storeSome(run.g + at, g, count);
  storeSome(run.o + at, o, count);
  storeSome(run.c + at, c, count);
  storeSome(run.a + at, a, count);
  storeSome(run.h + at, h, count);
}

template <int R>
INLINE void sumsOfRows(const Forward& run, const float* x, ptrdiff_t stride, const float* hidden, int padded,
                       const float* panel, float* z) {
  vec sums[R][4];
  const float* bias = panel + (ptrdiff_t)(run.inputs + run.units) * PANEL;
  for (int r = 0; r < R; r++)
    for (int gate = 0; gate < 4; gate++) sums[r][gate] = load(bias + gate * WIDTH);
  multiply<R>(sums, x, stride, panel, run.inputs);
  if (hidden) multiply<R>(sums, hidden, padded, panel + (ptrdiff_t)run.inputs * PANEL, run.units);
  for (int r = 0; r < R; r++)
    for (int gate = 0; gate < 4; gate++) store(z + r * PANEL + gate * WIDTH, sums[r][gate]);
}

INLINE void sumsOfBlock(const Forward& run, const float* x, ptrdiff_t stride, const float* hidden, int padded,
                        const float* panel, float* z, int rows) {
  int row = 0;
  for (; row + ROWS <= rows; row += ROWS)
    sumsOfRows<ROWS>(run, x + row * stride, stride, hidden ? hidden + row * padded : 0, padded, panel, z + row * PANEL);
  for (; row < rows; row++)
    sumsOfRows<1>(run, x + row * stride, stride, hidden ? hidden + row * padded : 0, padded, panel, z + row * PANEL);
}

// Sums of the step in z, [block][row][4][WIDTH], to gates.
INLINE void cellsOf(const Forward& run, const float* z, float* cells, float* hidden, int first, int rows, int step) {
  int blocks = blocksOf(run.units), padded = blocks * WIDTH;
  for (int block = 0; block < blocks; block++)
    for (int row = 0; row < rows; row++) {
      const float* at = z + (ptrdiff_t)(block * rows + row) * PANEL;
      ptrdiff_t to = ((ptrdiff_t)step * run.outputStep + (ptrdiff_t)(first + row) * run.outputRow) * run.units + block * WIDTH;
      cellOf(run, load(at), load(at + WIDTH), load(at + 2 * WIDTH), load(at + 3 * WIDTH),
             cells + row * padded + block * WIDTH, hidden + row * padded + block * WIDTH, to,
             run.units - block * WIDTH);
    }
}

INLINE void copyPadded(float* to, const float* from, int rows, int units, int padded) {
  for (int row = 0; row < rows; row++)
    for (int unit = 0; unit < padded; unit++)
      to[row * padded + unit] = from && unit < units ? from[(ptrdiff_t)row * units + unit] : 0;
}

// Many rows: x W and h U in one walk down each panel.
static void forwardChunk(const Forward& run, float* scratch, int first, int rows) {
  int blocks = blocksOf(run.units), padded = blocks * WIDTH, height = run.inputs + run.units + 1;
  float *hidden = scratch, *cells = hidden + CHUNK * padded, *z = cells + CHUNK * padded;
  copyPadded(hidden, run.h0 ? run.h0 + (ptrdiff_t)first * run.units : 0, rows, run.units, padded);
  copyPadded(cells, run.c0 ? run.c0 + (ptrdiff_t)first * run.units : 0, rows, run.units, padded);
  ptrdiff_t stride = (ptrdiff_t)run.inputRow * run.inputs;
  for (int step = 0; step < run.steps; step++) {
    const float* x = run.x + ((ptrdiff_t)step * run.inputStep + (ptrdiff_t)first * run.inputRow) * run.inputs;
    for (int block = 0; block < blocks; block++)
      sumsOfBlock(run, x, stride, hidden, padded, run.packed + (ptrdiff_t)block * height * PANEL,
                  z + (ptrdiff_t)block * rows * PANEL, rows);
    cellsOf(run, z, cells, hidden, first, rows, step);
  }
}

// One row: x W of many steps first, as if they were rows; then h U step by step.
static void forwardRow(const Forward& run, float* scratch, int row) {
  int blocks = blocksOf(run.units), padded = blocks * WIDTH, height = run.inputs + run.units + 1;
  float *hidden = scratch, *cells = hidden + CHUNK * padded, *z = cells + CHUNK * padded;
  float* ahead = z + (ptrdiff_t)CHUNK * blocks * PANEL;
  copyPadded(hidden, run.h0 ? run.h0 + (ptrdiff_t)row * run.units : 0, 1, run.units, padded);
  copyPadded(cells, run.c0 ? run.c0 + (ptrdiff_t)row * run.units : 0, 1, run.units, padded);
  ptrdiff_t stride = (ptrdiff_t)run.inputStep * run.inputs;
  for (int from = 0; from < run.steps; from += SPAN) {
    int span = least(SPAN, run.steps - from);
    const float* x = run.x + ((ptrdiff_t)from * run.inputStep + (ptrdiff_t)row * run.inputRow) * run.inputs;
    for (int block = 0; block < blocks; block++)
      sumsOfBlock(run, x, stride, 0, 0, run.packed + (ptrdiff_t)block * height * PANEL, ahead + (ptrdiff_t)block * SPAN * PANEL, span);
    for (int step = 0; step < span; step++) {
      for (int block = 0; block < blocks; block++) {
        vec sums[4];
        const float* begun = ahead + (ptrdiff_t)(block * SPAN + step) * PANEL;
        for (int gate = 0; gate < 4; gate++) sums[gate] = load(begun + gate * WIDTH);
        multiplyOne(sums, hidden, run.packed + ((ptrdiff_t)block * height + run.inputs) * PANEL, run.units);
        for (int gate = 0; gate < 4; gate++) store(z + block * PANEL + gate * WIDTH, sums[gate]);
      }
      cellsOf(run, z, cells, hidden, row, 1, from + step);
    }
  }
}

struct Backward {
  Forward run;         // as it ran: its outputs are read
  const float *dh, *dc;  // gradients on h and, or null, on c, in the order of the outputs
  const float *transposed;  // of the weights, see packTransposed
  float* dz;           // [block][row of time-major T, rows][4][WIDTH]
  float *dh0, *dc0;    // [B, H], or null
  int first, rows;     // batch rows of this call
};

// out[row][..V * WIDTH] = sum over k of dz[row][k] * panel[k], where k runs over blocks, gates and lanes.
template <int R, int V>
INLINE void timesTransposed(const float* dz, ptrdiff_t blockStride, int blocks, const float* panel, vec (&sums)[R][V]) {
  for (int block = 0; block < blocks; block++, dz += blockStride)
    for (int k = 0; k < PANEL; k++, panel += V * WIDTH) {
      vec w[V];
      for (int v = 0; v < V; v++) w[v] = load(panel + v * WIDTH);
#pragma GCC unroll 3
      for (int r = 0; r < R; r++) {
        float value = dz[r * PANEL + k];
#pragma GCC unroll 4
        for (int v = 0; v < V; v++) sums[r][v] += value * w[v];
      }
    }
}

template <int R, int V>
INLINE void transposedRows(const float* dz, ptrdiff_t blockStride, int blocks, const float* panel, float* out,
                           ptrdiff_t outStride, int count) {
  vec sums[R][V];
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) sums[r][v] = (vec){};
  timesTransposed<R, V>(dz, blockStride, blocks, panel, sums);
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) {
      int left = count - v * WIDTH;
      if (left > 0) storeSome(out + r * outStride + v * WIDTH, sums[r][v], left);
    }
}

template <int V>
INLINE void transposedGroup(const float* dz, ptrdiff_t blockStride, int blocks, const float* panel, float* out,
                            ptrdiff_t outStride, int count, int rows) {
  int row = 0;
  for (; row + ROWS <= rows; row += ROWS)
    transposedRows<ROWS, V>(dz + row * PANEL, blockStride, blocks, panel, out + row * outStride, outStride, count);
  for (; row < rows; row++)
    transposedRows<1, V>(dz + row * PANEL, blockStride, blocks, panel, out + row * outStride, outStride, count);
}

// out[row][0..columns) = dz[row] times the transposed weights, packed in groups of up to 4 vectors.
INLINE void transposedProduct(const float* dz, ptrdiff_t blockStride, int blocks, const float* packed, float* out,
                              ptrdiff_t outStride, int columns, int rows) {
  int wide = blocksOf(columns), depth = blocks * PANEL;
  for (int at = 0; at < wide;) {
    int v = wide - at >= 4 ? 4 : wide - at >= 2 ? 2 : 1;
    int left = columns - at * WIDTH;
    float* to = out + at * WIDTH;
    if (v == 4) transposedGroup<4>(dz, blockStride, blocks, packed, to, outStride, left, rows);
    else if (v == 2) transposedGroup<2>(dz, blockStride, blocks, packed, to, outStride, left, rows);
    else transposedGroup<1>(dz, blockStride, blocks, packed, to, outStride, left, rows);
    packed += (ptrdiff_t)depth * v * WIDTH;
    at += v;
  }
}

// dz of one step from what the step after handed back (carriedH, carriedC, both [row][padded]).
INLINE void gateGradients(const Backward& b, float* carriedH, float* carriedC, int step) {
  const Forward& run = b.run;
  int blocks = blocksOf(run.units), padded = blocks * WIDTH;
  ptrdiff_t total = (ptrdiff_t)run.steps * b.rows;
  for (int block = 0; block < blocks; block++)
    for (int row = 0; row < b.rows; row++) {
      int count = run.units - block * WIDTH;
      ptrdiff_t line = (ptrdiff_t)step * run.outputStep + (ptrdiff_t)(b.first + row) * run.outputRow;
      ptrdiff_t at = line * run.units + block * WIDTH;
      const float* before = step > 0 ? run.c + at - (ptrdiff_t)run.outputStep * run.units
                            : run.c0 ? run.c0 + (ptrdiff_t)(b.first + row) * run.units + block * WIDTH : 0;
      vec i = loadSome(run.i + at, count), f = loadSome(run.f + at, count), g = loadSome(run.g + at, count);
      vec o = loadSome(run.o + at, count), a = loadSome(run.a + at, count);
      vec last = before ? loadSome(before, count) : (vec){};
      float *h = carriedH + row * padded + block * WIDTH, *c = carriedC + row * padded + block * WIDTH;
      vec dh = load(h) + (b.dh ? loadSome(b.dh + at, count) : (vec){});
      vec dc = load(c) + dh * o * (1.f - a * a);
      if (b.dc) dc += loadSome(b.dc + at, count);
      float* dz = b.dz + ((ptrdiff_t)block * total + (ptrdiff_t)step * b.rows + row) * PANEL;
      store(dz, dc * g * i * (1.f - i));
      store(dz + WIDTH, dc * last * f * (1.f - f));
      store(dz + 2 * WIDTH, dc * i * (1.f - g * g));
      store(dz + 3 * WIDTH, dh * a * o * (1.f - o));
      store(c, dc * f);
    }
}

static void backwardRows(const Backward& b, float* scratch) {
  const Forward& run = b.run;
  int blocks = blocksOf(run.units), padded = blocks * WIDTH;
  float *h = scratch, *c = scratch + (ptrdiff_t)b.rows * padded;
  ptrdiff_t total = (ptrdiff_t)run.steps * b.rows;
  for (int at = 0; at < 2 * b.rows * padded; at++) scratch[at] = 0;
  const float* recurrent = b.transposed;
  for (int step = run.steps - 1; step >= 0; step--) {
    gateGradients(b, h, c, step);
    transposedProduct(b.dz + (ptrdiff_t)step * b.rows * PANEL, total * PANEL, blocks, recurrent, h, padded, run.units, b.rows);
  }
  for (int row = 0; row < b.rows; row++)
    for (int unit = 0; unit < run.units; unit++) {
      ptrdiff_t to = (ptrdiff_t)(b.first + row) * run.units + unit;
      if (b.dh0) b.dh0[to] = h[row * padded + unit];
      if (b.dc0) b.dc0[to] = c[row * padded + unit];
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
#pragma GCC unroll 3
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
#define LINES 128

// packed gradient [block][D + H + 1][4][WIDTH], added to what it holds
static void weightGradient(const Backward& b, float* into, const float* zeros) {
  const Forward& run = b.run;
  int blocks = blocksOf(run.units), height = run.inputs + run.units + 1;
  ptrdiff_t total = (ptrdiff_t)run.steps * b.rows;
  const float *xs[LINES], *hs[LINES], *ones[LINES];
  for (ptrdiff_t from = 0; from < total; from += LINES) {
    int count = total - from < LINES ? (int)(total - from) : LINES;
    for (int line = 0; line < count; line++) {
      int step = (int)((from + line) / b.rows), row = b.first + (int)((from + line) % b.rows);
      xs[line] = run.x + ((ptrdiff_t)step * run.inputStep + (ptrdiff_t)row * run.inputRow) * run.inputs;
      hs[line] = step > 0 ? run.h + ((ptrdiff_t)(step - 1) * run.outputStep + (ptrdiff_t)row * run.outputRow) * run.units
                 : run.h0 ? run.h0 + (ptrdiff_t)row * run.units : zeros;
      ones[line] = &one;
    }
    for (int block = 0; block < blocks; block++) {
      const float* dz = b.dz + ((ptrdiff_t)block * total + from) * PANEL;
      float* to = into + (ptrdiff_t)block * height * PANEL;
      outer(xs, run.inputs, dz, count, to);
      outer(hs, run.units, dz, count, to + (ptrdiff_t)run.inputs * PANEL);
      outer(ones, 1, dz, count, to + (ptrdiff_t)(run.inputs + run.units) * PANEL);
    }
  }
}

static void inputGradient(const Backward& b, const float* transposed, float* dx) {
  const Forward& run = b.run;
  ptrdiff_t total = (ptrdiff_t)run.steps * b.rows;
  for (int step = 0; step < run.steps; step++) {
    float* to = dx + ((ptrdiff_t)step * run.inputStep + (ptrdiff_t)b.first * run.inputRow) * run.inputs;
    transposedProduct(b.dz + (ptrdiff_t)step * b.rows * PANEL, total * PANEL, blocksOf(run.units), transposed, to,
                      (ptrdiff_t)run.inputRow * run.inputs, run.inputs, b.rows);
  }
}

#ifdef __wasm__
#define EXPORT extern "C" __attribute__((visibility("default")))
#else
#define EXPORT extern "C"
#endif

EXPORT int lstm_width() { return WIDTH; }

// [D, 4H], [H, 4H] and [4H] (or null) to packed; `to` holds blocks * (D + H + 1) * 4 * WIDTH floats
EXPORT void lstm_pack(int D, int H, const float* kernel, const float* recurrent, const float* bias, float* to) {
  for (int block = 0; block < blocksOf(H); block++)
    for (int k = 0; k <= D + H; k++)
      for (int gate = 0; gate < 4; gate++)
        for (int lane = 0; lane < WIDTH; lane++, to++) {
          int unit = block * WIDTH + lane;
          const float* row = k < D ? kernel + (ptrdiff_t)k * 4 * H : k < D + H ? recurrent + (ptrdiff_t)(k - D) * 4 * H : bias;
          *to = unit < H && row ? row[gate * H + unit] : 0;
        }
}

// back again, adding nothing: packed gradient to [D, 4H], [H, 4H], [4H]
EXPORT void lstm_unpack(int D, int H, const float* from, float* kernel, float* recurrent, float* bias) {
  for (int block = 0; block < blocksOf(H); block++)
    for (int k = 0; k <= D + H; k++)
      for (int gate = 0; gate < 4; gate++)
        for (int lane = 0; lane < WIDTH; lane++, from++) {
          int unit = block * WIDTH + lane;
          float* row = k < D ? kernel + (ptrdiff_t)k * 4 * H : k < D + H ? recurrent + (ptrdiff_t)(k - D) * 4 * H : bias;
          if (unit < H && row) row[gate * H + unit] = *from;
        }
}

// [rows, 4H] transposed: groups of 4, 2 or 1 vectors of rows, each [blocks * 4 * WIDTH][group * WIDTH]
EXPORT void lstm_pack_transposed(int rows, int H, const float* matrix, float* to) {
  int wide = blocksOf(rows);
  for (int at = 0; at < wide;) {
    int v = wide - at >= 4 ? 4 : wide - at >= 2 ? 2 : 1;
    for (int block = 0; block < blocksOf(H); block++)
      for (int gate = 0; gate < 4; gate++)
        for (int lane = 0; lane < WIDTH; lane++)
          for (int column = 0; column < v * WIDTH; column++, to++) {
            int unit = block * WIDTH + lane, row = at * WIDTH + column;
            *to = unit < H && row < rows ? matrix[(ptrdiff_t)row * 4 * H + gate * H + unit] : 0;
          }
    at += v;
  }
}

EXPORT int lstm_forward_scratch(int H) {
  int blocks = blocksOf(H);
  return 2 * CHUNK * blocks * WIDTH + CHUNK * blocks * PANEL + SPAN * blocks * PANEL;
}

EXPORT void lstm_forward(const Forward* run, float* scratch, int first, int end) {
  if (end - first < 3)
    for (int row = first; row < end; row++) forwardRow(*run, scratch, row);
  else
    for (int from = first; from < end; from += CHUNK) forwardChunk(*run, scratch, from, least(CHUNK, end - from));
}

// scratch: 2 * rows * padded units floats
EXPORT void lstm_backward(const Backward* b, float* scratch) { backwardRows(*b, scratch); }
EXPORT void lstm_weight_gradient(const Backward* b, float* into, const float* zeros) { weightGradient(*b, into, zeros); }
EXPORT void lstm_input_gradient(const Backward* b, const float* transposed, float* dx) { inputGradient(*b, transposed, dx); }
