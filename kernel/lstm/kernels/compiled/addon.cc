// kernels.cc as a Node-API addon for x86-64 with AVX2 and FMA, batch rows split over threads. It works on the
// caller's Float32Arrays in place. `gatebook setup` compiles it; addon.ts calls it.
#include <node_api.h>
#include <stdlib.h>
#include <string.h>

#include <mutex>
#include <thread>
#include <vector>

// Only code behind supported() is compiled for these, so that an older processor can still ask.
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#include "kernels.cc"
#pragma GCC pop_options

namespace {

// Memory kept between calls: fresh pages would cost more than the sums of a small layer.
struct Buffer {
  float* floats = nullptr;
  size_t size = 0;
  float* at_least(size_t count) {
    if (count <= size) return floats;
    free(floats);
    floats = (float*)aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
    size = floats ? count : 0;
    return floats;
  }
};

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

/** Runs work(part, first row, end row) on up to `threads` threads, at least 4 rows each. */
template <class Work>
void split(int rows, int threads, Work work) {
  int count = threads < rows / 4 ? threads : rows / 4;
  if (count < 2) return work(0, 0, rows);
  auto from = [&](int part) { return (int)((int64_t)rows * part / count); };
  std::vector<std::thread> others;
  int part = 1;
  try {
    for (; part < count; part++) others.emplace_back(work, part, from(part), from(part + 1));
  } catch (...) {
    // No more threads are to be had: this one does the rest.
  }
  work(0, 0, from(1));
  for (; part < count; part++) work(part, from(part), from(part + 1));
  for (auto& other : others) other.join();
}

int partsOf(int rows, int threads) {
  int count = threads < rows / 4 ? threads : rows / 4;
  return count < 2 ? 1 : count;
}

Forward headOf(const int* head) {
  Forward run = {};
  run.steps = head[0], run.batch = head[1], run.inputs = head[2], run.units = head[3];
  run.inputStep = head[4], run.inputRow = head[5], run.outputStep = head[6], run.outputRow = head[7], run.hard = head[8];
  return run;
}

// (head, threads as Int32Array[10]; x, kernel, recurrent, bias or null, h0, c0, i, f, g, o, c, a, h)
napi_value forward(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  int* head = call.array<int>(0);
  Forward run = headOf(head);
  int blocks = blocksOf(run.units), each = lstm_forward_scratch(run.units);
  run.packed = packed.at_least((size_t)blocks * (run.inputs + run.units + 1) * PANEL);
  float* own = scratch.at_least((size_t)each * partsOf(run.batch, head[9]));
  if (!run.packed || !own) return call.fail(NO_MEMORY);
  run.x = call.floats(1), run.h0 = call.floats(5), run.c0 = call.floats(6);
  float** outputs[] = {&run.i, &run.f, &run.g, &run.o, &run.c, &run.a, &run.h};
  for (int at = 0; at < 7; at++) *outputs[at] = call.floats(7 + at);
  lstm_pack(run.inputs, run.units, call.floats(2), call.floats(3), call.floats(4), (float*)run.packed);
  split(run.batch, head[9], [&](int part, int first, int end) { lstm_forward(&run, own + (size_t)part * each, first, end); });
  return nullptr;
}

// (head, threads; x, recurrent, h0, c0, i, f, g, o, c, a, h, dh or null, dc or null;
//  kernel, recurrent, bias, h0, c0 gradients out). Gives the number of the pass.
napi_value backward(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  ++pass;  // what the pass before left is gone, also where this one fails
  int* head = call.array<int>(0);
  Forward run = headOf(head);
  int blocks = blocksOf(run.units), count = partsOf(run.batch, head[9]);
  size_t rows = (size_t)run.steps * run.batch, weights = (size_t)blocks * (run.inputs + run.units + 1) * PANEL;
  float* turned = transposed.at_least((size_t)blocks * WIDTH * blocks * PANEL);
  float* carried = states.at_least((size_t)2 * run.batch * blocks * WIDTH + run.units);
  float* gradients = dz.at_least((size_t)blocks * rows * PANEL);
  float* sums = slopes.at_least(weights * count);
  if (!turned || !carried || !gradients || !sums) return call.fail(NO_MEMORY);
  float* zeros = carried + (size_t)2 * run.batch * blocks * WIDTH;
  memset(zeros, 0, run.units * sizeof(float));
  memset(sums, 0, weights * count * sizeof(float));
  run.x = call.floats(1), run.h0 = call.floats(3), run.c0 = call.floats(4);
  float** outputs[] = {&run.i, &run.f, &run.g, &run.o, &run.c, &run.a, &run.h};
  for (int at = 0; at < 7; at++) *outputs[at] = call.floats(5 + at);
  lstm_pack_transposed(run.units, run.units, call.floats(2), turned);
  parts.assign(count, {});
  split(run.batch, head[9], [&](int part, int first, int end) {
    Backward& b = parts[part];
    b.run = run, b.dh = call.floats(12), b.dc = call.floats(13), b.transposed = turned;
    b.dz = gradients + (size_t)first * run.steps * blocks * PANEL;
    b.dh0 = call.floats(17), b.dc0 = call.floats(18), b.first = first, b.rows = end - first;
    lstm_backward(&b, carried + (size_t)2 * first * blocks * WIDTH);
    lstm_weight_gradient(&b, sums + (size_t)part * weights, zeros);
  });
  for (int part = 1; part < count; part++)
    for (size_t at = 0; at < weights; at++) sums[at] += sums[part * weights + at];
  lstm_unpack(run.inputs, run.units, sums, call.floats(14), call.floats(15), call.floats(16));
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
  float* turned = transposed.at_least((size_t)blocksOf(run.inputs) * WIDTH * blocksOf(run.units) * PANEL);
  if (!turned) return call.fail(NO_MEMORY);
  lstm_pack_transposed(run.inputs, run.units, call.floats(1), turned);
  float* dx = call.floats(2);
  split(run.batch, (int)parts.size(), [&](int part, int, int) { lstm_input_gradient(&parts[part], turned, dx); });
  return result;
}

// (rows, K, N, threads as Int32Array[4]; x, weights, bias or null, out)
napi_value dense(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  int *head = call.array<int>(0), rows = head[0], K = head[1], N = head[2];
  float* weights = packed.at_least((size_t)groupsOf(N) * (K + 1) * PANEL);
  if (!weights) return call.fail(NO_MEMORY);
  dense_pack(K, N, call.floats(2), call.floats(3), weights);
  float *x = call.floats(1), *out = call.floats(4);
  split(rows, head[3], [&](int, int first, int end) {
    dense_forward(end - first, K, N, x + (size_t)first * K, weights, out + (size_t)first * N);
  });
  return nullptr;
}

// (rows, K, N, threads; x, weights, dy; gradients of weights, bias or null, x out)
napi_value denseBackward(napi_env env, napi_callback_info info) {
  Call call(env, info);
  std::lock_guard<std::mutex> alone(busy);
  int *head = call.array<int>(0), rows = head[0], K = head[1], N = head[2], count = partsOf(rows, head[3]);
  size_t padded = (size_t)groupsOf(N) * PANEL, size = (size_t)(K + 1) * padded;
  float* turned = packed.at_least((size_t)blocksOf(K) * WIDTH * padded);
  float *sums = slopes.at_least(size * count), *own = panels.at_least((size_t)rows * padded);
  if (!turned || !sums || !own) return call.fail(NO_MEMORY);
  dense_pack_transposed(K, N, call.floats(2), turned);
  memset(sums, 0, size * count * sizeof(float));
  float *x = call.floats(1), *dy = call.floats(3), *dx = call.floats(6);
  split(rows, head[3], [&](int part, int first, int end) {
    dense_backward(end - first, K, N, x + (size_t)first * K, turned, dy + (size_t)first * N, sums + part * size,
                   dx + (size_t)first * K, own + first * padded);
  });
  for (int part = 1; part < count; part++)
    for (size_t at = 0; at < size; at++) sums[at] += sums[part * size + at];
  dense_unpack(K, N, sums, call.floats(4), call.floats(5));
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
  softmax_rows((int)rows, (int)numberAt(call, 0), call.floats(2), call.array<int>(3), (float)numberAt(call, 1),
               call.floats(4), call.floats(5));
  return nullptr;
}

// (share, out, targets)
napi_value squares(napi_env env, napi_callback_info info) {
  Call call(env, info);
  size_t count = 0;
  napi_get_typedarray_info(env, call.arguments[1], nullptr, &count, nullptr, nullptr, nullptr);
  return call.number(squared_rows((int)count, call.floats(1), call.floats(2), (float)numberAt(call, 0)));
}

napi_value supported(napi_env env, napi_callback_info) {
  napi_value result;
  napi_get_boolean(env, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"), &result);
  return result;
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
      {"supported", nullptr, supported, nullptr, nullptr, nullptr, napi_enumerable, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof *functions, functions);
  return exports;
}

}  // namespace

NAPI_MODULE(gatebook_lstm, start)
