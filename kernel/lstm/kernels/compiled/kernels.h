// The kernels of one width as a table of functions: kernels.cc is compiled once for each instruction set, and the
// addon takes at run time the widest that the processor has.
#pragma once
#include "lstm.h"

struct Kernels {
  int width, panel;
  void (*pack)(int D, int H, const float* kernel, const float* recurrent, const float* bias, float* to);
  void (*unpack)(int D, int H, const float* from, float* kernel, float* recurrent, float* bias);
  void (*packTransposed)(int rows, int H, const float* matrix, float* to);
  int (*forwardScratch)(int H);
  int (*weightScratch)(int H);
  void (*forward)(const Forward* run, float* scratch, int first, int end);
  void (*backward)(const Backward* b, float* scratch);
  void (*weightGradient)(const Backward* b, float* into, float* scratch);
  void (*inputGradient)(const Backward* b, const float* transposed, float* dx);
  void (*densePack)(int K, int N, const float* weights, const float* bias, float* to);
  void (*denseUnpack)(int K, int N, const float* from, float* weights, float* bias);
  void (*densePackTransposed)(int K, int N, const float* weights, float* to);
  void (*denseForward)(int rows, int K, int N, const float* x, const float* packed, float* out);
  void (*denseBackward)(int rows, int K, int N, const float* x, const float* transposed, const float* dy, float* into,
                        float* dx, float* scratch);
  void (*softmax)(int rows, int N, float* logits, const int32_t* classes, float share, float* sums, float* chosen);
  float (*squares)(int steps, int batch, int N, float* out, const float* targets);
  void (*adam)(size_t count, float* weights, const float* slopes, float* first, float* second, float scale, float size,
               float epsilon);
  double (*sumOfSquares)(size_t count, const float* values);
};

extern const Kernels kernels_avx2, kernels_avx512;
