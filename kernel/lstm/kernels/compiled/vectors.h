// Vectors of floats in the compiler's own terms, and the functions of them: exponential, sigmoid, tanh.
// Without a library, for WebAssembly SIMD (4 wide) and x86-64 with AVX2 (8 wide) or AVX-512 (16 wide).
#pragma once
#include <stddef.h>
#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#ifdef __AVX512F__
#define WIDTH 16
#define ROWS 4  // rows x 4 accumulators that fit the registers
#elif defined(__AVX2__)
#define WIDTH 8
#define ROWS 3
#else
#define WIDTH 4
#define ROWS 2
#endif
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

// .2 x + .5, cut at 0 and 1: tfjs-layers' and Keras 2's.
INLINE vec hardSigmoid(vec x) {
  vec y = .2f * x + .5f;
  y = y < 0.f ? splat(0.f) : y;
  return y > 1.f ? splat(1.f) : y;
}

// Derivatives where the function gave y.
INLINE vec sigmoidSlope(vec y) { return y * (1.f - y); }
INLINE vec hardSigmoidSlope(vec y) { return (y > 0.f) & (y < 1.f) ? splat(.2f) : splat(0.f); }

INLINE vec hyperbolicTangent(vec x) {
  ivec sign = (ivec)x & (ivec)splat(-0.f);
  vec y = (vec)((ivec)x & 0x7fffffff) * 2.f;
  y = y > 40.f ? splat(40.f) : y;
  vec scale, part = exponentParts(y, &scale);
  vec e = scale * part + (scale - 1.f);
  return (vec)((ivec)(e / (e + 2.f)) | sign);
}

// The first `count` lanes; the others are neither written nor, being past the end of an array, read.
#ifdef __AVX512F__
INLINE void storeSome(float* to, vec value, int count) {
  if (count >= WIDTH) return store(to, value);
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)value);
}

INLINE vec loadSome(const float* from, int count) {
  if (count >= WIDTH) return load(from);
  return (vec)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
}
#else
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
#endif

#ifdef __wasm__
#define EXPORT extern "C" __attribute__((visibility("default")))
#else
#define EXPORT static  // one copy a width: reached through kernels.h
#endif
