// What the LSTM kernels are given, as kernels.cc reads it and addon.cc and wasm.ts fill it. No vectors here: the
// same for every width.
#pragma once
#include <stddef.h>
#include <stdint.h>

struct Forward {
  int steps, batch, inputs, units;
  int inputStep, inputRow;    // row of x at step t, batch row b: t * inputStep + b * inputRow
  int outputStep, outputRow;  // the same for what comes out
  int hard;                   // whether the gates are hard sigmoids
  const float *x, *packed, *h0, *c0;
  const float* scale;  // [B, H], or null: z sees h times this (recurrent dropout)
  float *i, *f, *g, *o, *c, *a, *h;
};

struct Backward {
  Forward run;               // as it ran: its outputs are read
  const float *dh, *dc;      // gradients on h and, or null, on c, in the order of the outputs
  const float* transposed;   // of the weights, see lstm_pack_transposed
  float* dz;                 // [block][row of time-major T, rows][4][WIDTH]
  float *dh0, *dc0;          // [B, H], or null
  int first, rows;           // batch rows of this call
};
