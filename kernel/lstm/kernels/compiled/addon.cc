// The kernels as a Node-API addon for x86-64, batch rows split over threads. It works on the caller's Float32Arrays
// in place. `gatebook setup` compiles it; addon.ts calls it.
#include <node_api.h>
#include <string.h>
#include <vector>

#include "buffers.h"
#include "kernels.h"
#include "pool.h"

namespace {

// The widest for the processor that asks, not for the one that compiles; null where it has neither.
const Kernels* widest(int most) {
  bool hasAvx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  bool has512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  return has512 && hasAvx2 && most >= 16 ? &kernels_avx512 : hasAvx2 ? &kernels_avx2 : nullptr;
}

const Kernels* code = widest(16);

int blocksOf(int units) { return (units + code->width - 1) / code->width; }
int groupsOf(int columns) { return (columns + code->panel - 1) / code->panel; }

Buffer packed, scratch, transposed, states, dz, slopes, panels;
// Node's worker threads share this file's memory: one call at a time.
std::mutex busy;
std::vector<Backward> parts;  // of the last backward pass, one a thread
double pass = 0;

struct Call {
  napi_env env;
  napi_value arguments[24];
  size_t count = 24;
  Call(napi_env env, napi_callback_info info) : env(env) {
    napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  }
  /** Null for null. */
  template <class T>
  T* array(size_t at) {
    bool is = false;
    if (at >= count || napi_is_typedarray(env, arguments[at], &is) != napi_ok || !is) return nullptr;
    void* data = nullptr;
    napi_get_typedarray_info(env, arguments[at], nullptr, nullptr, &data, nullptr, nullptr);
    return (T*)data;
  }
  float* floats(size_t at) { return array<float>(at); }
  napi_value number(double value) {
    napi_value result;
    napi_create_double(env, value, &result);
    return result;
  }
  napi_value fail(const char* why) {
    napi_throw_error(env, nullptr, why);
    return nullptr;
  }
};

const char* NO_MEMORY = "Cannot run the LSTM: there is not enough memory. Give it fewer rows or steps at a time.";

// How many parts so many rows are split into, at least 4 rows each.
int partsOf(int rows, int threads) {
  int count = threads < rows / 4 ? threads : rows / 4;
  return count < 2 ? 1 : count;
}

/** Runs work(part, first row, end row), each part on the thread that is free first. */
template <class Work>
void split(int rows, int threads, Work work) {
  int count = partsOf(rows, threads);
  if (count == 1) return work(0, 0, rows);
  auto from = [&](int part) { return (int)((int64_t)rows * part / count); };
  pool().each(count, [&](int part) { work(part, from(part), from(part + 1)); });
}

// What the parts of a sum found, added into the first of them.
void gather(float* sums, size_t size, int count) {
  for (int part = 1; part < count; part++)
    for (size_t at = 0; at < size; at++) sums[at] += sums[part * size + at];
}

Forward headOf(const int* head) {
  Forward run = {};
  run.steps = head[0], run.batch = head[1], run.inputs = head[2], run.units = head[3];
  run.inputStep = head[4], run.inputRow = head[5], run.outputStep = head[6], run.outputRow = head[7], run.hard = head[8];
  return run;
}

size_t packedSize(const Forward& run) { return (size_t)blocksOf(run.units) * (run.inputs + run.units + 1) * code->panel; }

void outputsOf(Forward& run, Call& call, size_t first) {
  float** outputs[] = {&run.i, &run.f, &run.g, &run.o, &run.c, &run.a, &run.h};
  for (size_t at = 0; at < 7; at++) *outputs[at] = call.floats(first + at);
}

// (head, threads as Int32Array[10]; x, kernel, recurrent, bias or null, h0, c0, scale or null, i, f, g, o, c, a, h)
napi_value forward(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  int* head = call.array<int>(0);
  Forward run = headOf(head);
  int each = code->forwardScratch(run.units);
  float* weights = packed.at_least(packedSize(run));
  float* own = scratch.at_least((size_t)each * partsOf(run.batch, head[9]));
  if (!weights || !own) return call.fail(NO_MEMORY);
  code->pack(run.inputs, run.units, call.floats(2), call.floats(3), call.floats(4), weights);
  run.packed = weights, run.x = call.floats(1), run.h0 = call.floats(5), run.c0 = call.floats(6), run.scale = call.floats(7);
  outputsOf(run, call, 8);
  split(run.batch, head[9], [&](int part, int first, int end) { code->forward(&run, own + (size_t)part * each, first, end); });
  return nullptr;
}

// (head, threads; x, recurrent, h0, c0, scale or null, i, f, g, o, c, a, h, dh or null, dc or null;
//  kernel, recurrent, bias, h0, c0 gradients out). Gives the number of the pass.
napi_value backward(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  ++pass;  // what the pass before left is gone, also where this one fails
  int* head = call.array<int>(0);
  Forward run = headOf(head);
  int padded = blocksOf(run.units) * code->width, count = partsOf(run.batch, head[9]), each = code->weightScratch(run.units);
  size_t weights = packedSize(run);
  float* turned = transposed.at_least((size_t)padded * 4 * padded);
  float* carried = states.at_least((size_t)2 * run.batch * padded);
  float* gradients = dz.at_least((size_t)run.steps * run.batch * 4 * padded);
  float *sums = slopes.at_least(weights * count), *own = scratch.at_least((size_t)each * count);
  if (!turned || !carried || !gradients || !sums || !own) return call.fail(NO_MEMORY);
  run.x = call.floats(1), run.h0 = call.floats(3), run.c0 = call.floats(4), run.scale = call.floats(5);
  outputsOf(run, call, 6);
  code->packTransposed(run.units, run.units, call.floats(2), turned);
  parts.assign(count, {});
  const float *dh = call.floats(13), *dc = call.floats(14);
  float *dh0 = call.floats(18), *dc0 = call.floats(19);
  split(run.batch, head[9], [&](int part, int first, int end) {
    Backward& b = parts[part];
    b.run = run, b.dh = dh, b.dc = dc, b.transposed = turned;
    b.dz = gradients + (size_t)first * run.steps * 4 * padded;
    b.dh0 = dh0, b.dc0 = dc0, b.first = first, b.rows = end - first;
    code->backward(&b, carried + (size_t)2 * first * padded);
    memset(sums + part * weights, 0, weights * sizeof(float));
    code->weightGradient(&b, sums + part * weights, own + (size_t)part * each);
  });
  gather(sums, weights, count);
  code->unpack(run.inputs, run.units, sums, call.floats(15), call.floats(16), call.floats(17));
  return call.number(pass);
}

// (number of the pass, kernel, dx out). False when another pass has come since.
napi_value inputGradient(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  double wanted = 0;
  napi_get_value_double(env, call.arguments[0], &wanted);
  napi_value result;
  napi_get_boolean(env, wanted == pass, &result);
  if (wanted != pass) return result;
  const Forward& run = parts[0].run;
  float* turned = transposed.at_least((size_t)blocksOf(run.inputs) * code->width * blocksOf(run.units) * code->panel);
  if (!turned) return call.fail(NO_MEMORY);
  code->packTransposed(run.inputs, run.units, call.floats(1), turned);
  float* dx = call.floats(2);
  split(run.batch, (int)parts.size(), [&](int part, int, int) { code->inputGradient(&parts[part], turned, dx); });
  return result;
}

// (rows, K, N, threads as Int32Array[4]; x, weights, bias or null, out)
napi_value dense(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  int *head = call.array<int>(0), rows = head[0], K = head[1], N = head[2];
  float* weights = packed.at_least((size_t)groupsOf(N) * (K + 1) * code->panel);
  if (!weights) return call.fail(NO_MEMORY);
  code->densePack(K, N, call.floats(2), call.floats(3), weights);
  float *x = call.floats(1), *out = call.floats(4);
  split(rows, head[3], [&](int, int first, int end) {
    code->denseForward(end - first, K, N, x + (size_t)first * K, weights, out + (size_t)first * N);
  });
  return nullptr;
}

// (rows, K, N, threads; x, weights, dy; gradients of weights, bias or null, x out)
napi_value denseBackward(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  int *head = call.array<int>(0), rows = head[0], K = head[1], N = head[2], count = partsOf(rows, head[3]);
  size_t padded = (size_t)groupsOf(N) * code->panel, size = (size_t)(K + 1) * padded;
  float* turned = packed.at_least((size_t)blocksOf(K) * code->width * padded);
  float *sums = slopes.at_least(size * count), *own = panels.at_least((size_t)rows * padded);
  if (!turned || !sums || !own) return call.fail(NO_MEMORY);
  code->densePackTransposed(K, N, call.floats(2), turned);
  float *x = call.floats(1), *dy = call.floats(3), *dx = call.floats(6);
  split(rows, head[3], [&](int part, int first, int end) {
    memset(sums + part * size, 0, size * sizeof(float));
    code->denseBackward(end - first, K, N, x + (size_t)first * K, turned, dy + (size_t)first * N, sums + part * size,
                        dx + (size_t)first * K, own + first * padded);
  });
  gather(sums, size, count);
  code->denseUnpack(K, N, sums, call.floats(4), call.floats(5));
  return nullptr;
}

double numberAt(Call& call, size_t at) {
  double value = 0;
  napi_get_value_double(call.env, call.arguments[at], &value);
  return value;
}

// (N, share, logits, classes, sums, chosen)
napi_value softmax(napi_env env, napi_callback_info info) {
  Call call(env, info);
  size_t rows = 0;
  napi_get_typedarray_info(env, call.arguments[3], nullptr, &rows, nullptr, nullptr, nullptr);
  code->softmax((int)rows, (int)numberAt(call, 0), call.floats(2), call.array<int>(3), (float)numberAt(call, 1),
               call.floats(4), call.floats(5));
  return nullptr;
}

// (steps, batch, N, out, targets)
napi_value squares(napi_env env, napi_callback_info info) {
  Call call(env, info);
  int steps = (int)numberAt(call, 0), batch = (int)numberAt(call, 1), N = (int)numberAt(call, 2);
  return call.number(code->squares(steps, batch, N, call.floats(3), call.floats(4)));
}

// Values from which a second thread is worth waking.
const size_t MANY = 1 << 16;

// (threads, scale, size, epsilon as Float32Array[4]; weights, slopes, first, second)
napi_value adam(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  size_t count = 0;
  napi_get_typedarray_info(env, call.arguments[1], nullptr, &count, nullptr, nullptr, nullptr);
  float *head = call.floats(0), *weights = call.floats(1), *slopes = call.floats(2), *m = call.floats(3), *v = call.floats(4);
  split((int)(count / 1024) + 1, count < MANY ? 1 : (int)head[0], [&](int, int first, int end) {
    size_t from = (size_t)first * 1024, to = (size_t)end * 1024 < count ? (size_t)end * 1024 : count;
    code->adam(to - from, weights + from, slopes + from, m + from, v + from, head[1], head[2], head[3]);
  });
  return nullptr;
}

// (values)
napi_value sumOfSquares(napi_env env, napi_callback_info info) {
  Call call(env, info);
  size_t count = 0;
  napi_get_typedarray_info(env, call.arguments[0], nullptr, &count, nullptr, nullptr, nullptr);
  return call.number(code->sumOfSquares(count, call.floats(0)));
}

// (largest number of floats in a vector, or nothing to leave it). Gives the number from now on: 8 with AVX2 and
// FMA, 16 with AVX-512; 0 where the processor has neither.
napi_value width(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  if (call.count > 0) code = widest((int)numberAt(call, 0)), ++pass;
  return call.number(code ? code->width : 0);
}

napi_value start(napi_env env, napi_value exports) {
  napi_property_descriptor functions[] = {
      {"forward", nullptr, forward, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"backward", nullptr, backward, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"inputGradient", nullptr, inputGradient, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"dense", nullptr, dense, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"denseBackward", nullptr, denseBackward, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"softmax", nullptr, softmax, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"squares", nullptr, squares, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"adam", nullptr, adam, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"sumOfSquares", nullptr, sumOfSquares, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
      {"width", nullptr, width, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}

}  // namespace

NAPI_MODULE(gatebook_lstm, start)
