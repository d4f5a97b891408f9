// The threads of native code, in C: they run parts of a program, and wait for each other. One library serves all
// devices of a process; programs are libraries of their own, which call its `tidu_pool_run`.

/** How often a thread looks before it sleeps: most waits are shorter, and waking costs tens of microseconds. */
const SPINS = 2000;

export const POOL = `#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
typedef int64_t I;
typedef void (*meet_fn)(I);
typedef void (*part_fn)(const I *, I, I, meet_fn);
#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#elif defined(__aarch64__)
#define PAUSE() __asm__ volatile("yield")
#else
#define PAUSE() (void)0
#endif
#define LINE __attribute__((aligned(64)))
static struct {
  LINE atomic_int arrived;
  LINE atomic_uint round;
  LINE atomic_uint job;
  LINE atomic_int sleepers;
  part_fn part;
  const I *table;
  I threads, started;
} P;
static pthread_mutex_t in_use = PTHREAD_MUTEX_INITIALIZER, asleep = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void await_change(atomic_uint *at, unsigned old) {
  for (int i = 0; i < ${SPINS}; i++) {
    if (atomic_load(at) != old) return;
    PAUSE();
  }
  pthread_mutex_lock(&asleep);
  atomic_fetch_add(&P.sleepers, 1);
  while (atomic_load(at) == old) pthread_cond_wait(&changed, &asleep);
  atomic_fetch_sub(&P.sleepers, 1);
  pthread_mutex_unlock(&asleep);
}

static void change(atomic_uint *at) {
  atomic_fetch_add(at, 1);
  if (atomic_load(&P.sleepers) == 0) return;
  pthread_mutex_lock(&asleep);
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&asleep);
}

/* Returns once all threads have called it: a counting barrier whose rounds are numbered. */
static void meet(I threads) {
  if (threads == 1) return;
  const unsigned round = atomic_load(&P.round);
  if (atomic_fetch_add(&P.arrived, 1) + 1 == threads) {
    atomic_store(&P.arrived, 0);
    change(&P.round);
  } else
    await_change(&P.round, round);
}

static void *serve(void *number) {
  const I thread = (intptr_t)number & 1023;
  unsigned seen = (unsigned)((intptr_t)number >> 10);
  for (;;) {
    await_change(&P.job, seen);
    seen++;
    if (thread < P.threads) P.part(P.table, thread, P.threads, meet);
  }
  return 0;
}

/* Runs a program on as many threads as can be had, this one included; all have met when it returns. */
void tidu_pool_run(part_fn part, const I *table, I threads) {
  pthread_mutex_lock(&in_use);
  for (; P.started + 1 < threads; P.started++) {
    pthread_t thread;
    const intptr_t number = (P.started + 1) | (intptr_t)atomic_load(&P.job) << 10;
    if (pthread_create(&thread, 0, serve, (void *)number) != 0) break;
    pthread_detach(thread);
  }
  if (P.started + 1 < threads) threads = P.started + 1;
  P.part = part;
  P.table = table;
  P.threads = threads;
  if (threads > 1) change(&P.job);
  part(table, 0, threads, meet);
  pthread_mutex_unlock(&in_use);
}
`;
