// Adam's step (Kingma and Ba 2015) over one array, and the sum of squares that its gradients are clipped by. For the
// addon alone: WebAssembly would have to copy more than it saves.
#include "vectors.h"


// 1 - beta1 and 1 - beta2. As m + (1 - beta1) (g - m): beta2 as a float is off by more than its last digit.
static const float RATE1 = .1f, RATE2 = .001f;
typedef double dvec __attribute__((vector_size(8 * WIDTH)));

INLINE vec root(vec value) {
#ifdef __AVX512F__
  return (vec)_mm512_sqrt_ps((__m512)value);
#elif defined(__AVX2__)
  return (vec)_mm256_sqrt_ps((__m256)value);
#else
  for (int lane = 0; lane < WIDTH; lane++) value[lane] = __builtin_sqrtf(value[lane]);
  return value;
#endif
}

static void adam_step(size_t count, float* weights, const float* slopes, float* first, float* second, float scale,
                      float size, float epsilon) {
  for (size_t at = 0; at < count; at += WIDTH) {
    int left = count - at < WIDTH ? (int)(count - at) : WIDTH;
    vec slope = loadSome(slopes + at, left) * scale;
    vec m = loadSome(first + at, left), v = loadSome(second + at, left);
    m += RATE1 * (slope - m);
    v += RATE2 * (slope * slope - v);
    storeSome(first + at, m, left);
    storeSome(second + at, v, left);
    storeSome(weights + at, loadSome(weights + at, left) - size * m / (root(v) + epsilon), left);
  }
}

// In doubles: a gradient that grows too large must still be clipped.
static double sum_of_squares(size_t count, const float* values) {
  dvec sums = {};
  for (size_t at = 0; at < count; at += WIDTH) {
    dvec value = __builtin_convertvector(loadSome(values + at, count - at < WIDTH ? (int)(count - at) : WIDTH), dvec);
    sums += value * value;
  }
  double sum = 0;
  for (int lane = 0; lane < WIDTH; lane++) sum += sums[lane];
  return sum;
}
