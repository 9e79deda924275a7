// The LSTM over a whole sequence, forward and backward, for WebAssembly SIMD and for x86-64 with AVX2 or AVX-512: one
// source, in the compiler's vector extensions, without a library. Sizes: T steps, B rows, D inputs, H units.
//   z = x W + h U + b;  i, f, o = sigmoid(z), or the hard one;  g = tanh(z);  c = f c' + i g;  a = tanh(c);  h = o a
//
// Units are taken WIDTH at a time, a block. Packed weights are [block][D + H + 1][4 gates][WIDTH], the last
// row being the bias, so that one walk down a block's panel gives i, f, g and o of the same units. What is
// shorter than a block is padded with zeros.
#include "lstm.h"
#include "products.h"

#define CHUNK 32  // batch rows that go through the steps together: more would alias in the cache
#define SPAN 64   // steps whose x W is computed ahead where there are few rows

INLINE vec gateOf(const Forward& run, vec z) { return run.hard ? hardSigmoid(z) : sigmoid(z); }
INLINE vec slopeOf(const Forward& run, vec y) { return run.hard ? hardSigmoidSlope(y) : sigmoidSlope(y); }

// Gates of one block and one row from its sums, written where they belong; c is carried in `cell`, and in `hidden`
// the h that the next step sees.
INLINE void cellOf(const Forward& run, vec z0, vec z1, vec z2, vec z3, float* cell, float* hidden, const float* scale,
                   ptrdiff_t at, int count) {
  vec i = gateOf(run, z0), f = gateOf(run, z1), g = hyperbolicTangent(z2), o = gateOf(run, z3);
  vec c = f * load(cell) + i * g;
  vec a = hyperbolicTangent(c), h = o * a;
  store(cell, c);
  store(hidden, scale ? h * loadSome(scale, count) : h);
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
             cells + row * padded + block * WIDTH, hidden + row * padded + block * WIDTH,
             run.scale ? run.scale + (ptrdiff_t)(first + row) * run.units + block * WIDTH : 0, to,
             run.units - block * WIDTH);
    }
}

// First states of `rows` batch rows: h as z sees it, and c; zeros where there are none.
static void firstStates(const Forward& run, float* hidden, float* cells, int first, int rows) {
  int units = run.units, padded = blocksOf(units) * WIDTH;
  for (int row = 0; row < rows; row++)
    for (int unit = 0; unit < padded; unit++) {
      ptrdiff_t from = (ptrdiff_t)(first + row) * units + unit;
      bool isThere = unit < units;
      hidden[row * padded + unit] = isThere && run.h0 ? run.h0[from] * (run.scale ? run.scale[from] : 1) : 0;
      cells[row * padded + unit] = isThere && run.c0 ? run.c0[from] : 0;
    }
}

// Many rows: x W and h U in one walk down each panel.
static void forwardChunk(const Forward& run, float* scratch, int first, int rows) {
  int blocks = blocksOf(run.units), padded = blocks * WIDTH, height = run.inputs + run.units + 1;
  float *hidden = scratch, *cells = hidden + CHUNK * padded, *z = cells + CHUNK * padded;
  firstStates(run, hidden, cells, first, rows);
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
  firstStates(run, hidden, cells, row, 1);
  ptrdiff_t stride = (ptrdiff_t)run.inputStep * run.inputs;
  for (int from = 0; from < run.steps; from += SPAN) {
    int span = least(SPAN, run.steps - from);
    const float* x = run.x + ((ptrdiff_t)from * run.inputStep + (ptrdiff_t)row * run.inputRow) * run.inputs;
    for (int block = 0; block < blocks; block++)
      sumsOfBlock(run, x, stride, 0, 0, run.packed + (ptrdiff_t)block * height * PANEL, ahead + (ptrdiff_t)block * SPAN * PANEL, span);
    for (int step = 0; step < span; step++) {
      for (int turn = 0; turn < blocks; turn++) {
        // to and fro: what the step before read last is still in the nearest cache
        int block = step % 2 ? blocks - 1 - turn : turn;
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
      const float* scale = run.scale ? run.scale + (ptrdiff_t)(b.first + row) * run.units + block * WIDTH : 0;
      vec seen = scale ? load(h) * loadSome(scale, count) : load(h);
      vec dh = seen + (b.dh ? loadSome(b.dh + at, count) : (vec){});
      vec dc = load(c) + dh * o * (1.f - a * a);
      if (b.dc) dc += loadSome(b.dc + at, count);
      float* dz = b.dz + ((ptrdiff_t)block * total + (ptrdiff_t)step * b.rows + row) * PANEL;
      store(dz, dc * g * slopeOf(run, i));
      store(dz + WIDTH, dc * last * slopeOf(run, f));
      store(dz + 2 * WIDTH, dc * i * (1.f - g * g));
      store(dz + 3 * WIDTH, dh * a * slopeOf(run, o));
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
    transposedProduct(b.dz + (ptrdiff_t)step * b.rows * PANEL, total * PANEL, blocks, recurrent, h, padded, run.units, b.rows, step % 2);
  }
  for (int row = 0; row < b.rows; row++)
    for (int unit = 0; unit < run.units; unit++) {
      ptrdiff_t to = (ptrdiff_t)(b.first + row) * run.units + unit;
      if (b.dh0) b.dh0[to] = h[row * padded + unit] * (run.scale ? run.scale[to] : 1);
      if (b.dc0) b.dc0[to] = c[row * padded + unit];
    }
}

// packed gradient [block][D + H + 1][4][WIDTH], added to what it holds; `scratch` holds (LINES + 1) * H floats
static void weightGradient(const Backward& b, float* into, float* scratch) {
  const Forward& run = b.run;
  float *zeros = scratch, *seen = scratch + run.units;
  for (int unit = 0; unit < run.units; unit++) zeros[unit] = 0;
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
      if (!run.scale) continue;
      float* scaled = seen + (ptrdiff_t)line * run.units;
      for (int unit = 0; unit < run.units; unit++) scaled[unit] = hs[line][unit] * run.scale[(ptrdiff_t)row * run.units + unit];
      hs[line] = scaled;
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

EXPORT int lstm_width() { return WIDTH; }

// [D, 4H], [H, 4H] and [4H] (or null) to packed; `to` holds blocks * (D + H + 1) * 4 * WIDTH floats
EXPORT void lstm_pack(int D, int H, const float* kernel, const float* recurrent, const float* bias, float* to) {
  for (int block = 0; block < blocksOf(H); block++)
    for (int k = 0; k <= D + H; k++)
      for (int gate = 0; gate < 4; gate++, to += WIDTH) {
        const float* row = k < D ? kernel + (ptrdiff_t)k * 4 * H : k < D + H ? recurrent + (ptrdiff_t)(k - D) * 4 * H : bias;
        store(to, row ? loadSome(row + gate * H + block * WIDTH, H - block * WIDTH) : (vec){});
      }
}

// back again, adding nothing: packed gradient to [D, 4H], [H, 4H], [4H]
EXPORT void lstm_unpack(int D, int H, const float* from, float* kernel, float* recurrent, float* bias) {
  for (int block = 0; block < blocksOf(H); block++)
    for (int k = 0; k <= D + H; k++)
      for (int gate = 0; gate < 4; gate++, from += WIDTH) {
        float* row = k < D ? kernel + (ptrdiff_t)k * 4 * H : k < D + H ? recurrent + (ptrdiff_t)(k - D) * 4 * H : bias;
        if (row) storeSome(row + gate * H + block * WIDTH, load(from), H - block * WIDTH);
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

EXPORT int lstm_weight_scratch(int H) { return (LINES + 1) * H; }

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
EXPORT void lstm_weight_gradient(const Backward* b, float* into, float* scratch) { weightGradient(*b, into, scratch); }
EXPORT void lstm_input_gradient(const Backward* b, const float* transposed, float* dx) { inputGradient(*b, transposed, dx); }
