// Threads that stay between calls: to start one costs more than the sums of a small layer. They sleep when there
// is nothing to do, and never keep the process from ending.
#pragma once
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <thread>

// Work comes as parts numbered from 0, which whoever is free takes one by one, the caller among them: where the
// other threads come late, the caller does all of it. One caller at a time.
class Pool {
  // Number of the work, its count of parts, and the next part to be taken: 32, 16 and 16 bits.
  std::atomic<uint64_t> tickets{0};
  std::atomic<int> left{0}, sleepers{0};
  std::atomic<bool> isWaiting{false};
  void (*run)(void* work, int part) = nullptr;
  void* work = nullptr;
  static const int MOST = 63;
  int threads = 0, placed = 0, callerPlace = -1;
  pthread_t handles[MOST];
  std::mutex lock;
  std::condition_variable begun, done;

  static bool hasParts(uint64_t ticket) { return (ticket & 0xffff) < (ticket >> 16 & 0xffff); }

  // `test` looked at for 50 µs: longer than from one call of a training step to the next.
  template <class Test>
  static bool soon(Test test) {
    auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(50);
    do {
      for (int look = 0; look < 64; look++) {
        if (test()) return true;
        __builtin_ia32_pause();
      }
    } while (std::chrono::steady_clock::now() < end);
    return false;
  }

  bool takePart() {
    uint64_t ticket = tickets.load();
    while (hasParts(ticket))
      if (tickets.compare_exchange_weak(ticket, ticket + 1)) {
        run(work, (int)(ticket & 0xffff)); // not over before this part is, so `run` and `work` are its own
        if (left.fetch_sub(1) == 1 && isWaiting) {
          std::lock_guard<std::mutex> hold(lock);
          done.notify_one();
        }
        return true;
      }
    return false;
  }

  void serve() {
    for (;;) {
      while (takePart()) {}
      auto isCalled = [this] { return hasParts(tickets.load()); };
      if (soon(isCalled)) continue;
      std::unique_lock<std::mutex> hold(lock);
      sleepers++;
      begun.wait(hold, isCalled);
      sleepers--;
    }
  }

  // Up to so many, with no signals, which are for Node's own threads. Fewer where there are no more to be had.
  void grow(int wanted) {
    sigset_t all, before;
    sigfillset(&all);
    if (wanted > MOST) wanted = MOST;
    if (threads >= wanted || pthread_sigmask(SIG_SETMASK, &all, &before) != 0) return;
    try {
      for (; threads < wanted; threads++) {
        std::thread one([this] { serve(); });
        handles[threads] = one.native_handle();
        one.detach();
      }
    } catch (...) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  // Linux likes to wake a thread on the core of who wakes it, which is busy: the others may run anywhere but there.
  void stepAside() {
#ifdef __linux__
    int place = sched_getcpu();
    if (place < 0 || (place == callerPlace && placed == threads)) return;
    callerPlace = place, placed = threads;
    cpu_set_t places;
    if (sched_getaffinity(0, sizeof places, &places) != 0) return;
    if (CPU_COUNT(&places) > 1) CPU_CLR(place, &places);
    for (int at = 0; at < threads; at++) pthread_setaffinity_np(handles[at], sizeof places, &places);
#endif
  }

 public:
  template <class Work>
  void each(int parts, Work each) {
    grow(parts - 1);
    stepAside();
    work = &each;
    run = [](void* work, int part) { (*(Work*)work)(part); };
    left = parts;
    tickets = (((tickets.load() >> 32) + 1) << 32) | (uint64_t)parts << 16;
    if (sleepers > 0) {
      std::lock_guard<std::mutex> hold(lock);
      begun.notify_all();
    }
    while (takePart()) {}
    auto isOver = [this] { return left == 0; };
    if (soon(isOver)) return;
    std::unique_lock<std::mutex> hold(lock);
    isWaiting = true;
    done.wait(hold, isOver);
    isWaiting = false;
  }
};

alignas(Pool) static char poolMemory[sizeof(Pool)];

// Never destroyed: its threads still look at it while the process ends.
static Pool& pool() {
  static Pool* one = [] {
    // A forked child has none of the threads: it begins with a new pool.
    pthread_atfork(nullptr, nullptr, [] { new (poolMemory) Pool; });
    // Node unloads an addon with the last worker that uses it, but the threads run its code.
    Dl_info self;
    if (dladdr((void*)poolMemory, &self)) dlopen(self.dli_fname, RTLD_NOW | RTLD_NODELETE);
    return new (poolMemory) Pool;
  }();
  return *one;
}
