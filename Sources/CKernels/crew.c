/// Threads that help those which speak. A job is a number of parts that any thread may take, one after the other. Who
/// has the job posts it and begins at once; helpers join while fewer threads work than may. Nobody waits for a helper
/// that has not begun. A helper that finds nothing looks around for a moment, because layers follow one another within
/// microseconds, and then sleeps.
#define _GNU_SOURCE
#include "include/kernels.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#if defined(__linux__)
#include <unistd.h>
#endif

/// How long a helper looks around, ns.
enum { PATIENCE = 100 * 1000 };
/// The most helpers of a process: layers are too short for more.
enum { HELPERS = 15 };

typedef struct job {
    starling_part *body;
    void *context;
    size_t parts, helpers, limit;
    /// Helpers that have joined; changed under the lock.
    size_t joined;
    /// Parts taken, and those of them by helpers, who begin at the end: so a thread meets the same rows in every layer.
    _Atomic size_t taken, takenByHelpers;
    /// Helpers that have not left.
    _Atomic size_t busy;
    struct job *next;
} job;

/// Guards the list of jobs. Held for a few instructions.
static atomic_flag lock = ATOMIC_FLAG_INIT;
static job *jobs;
/// Grows with every job.
static _Atomic size_t posted;
/// Threads that work, helpers among them.
static _Atomic size_t working;

/// Sleeping helpers, and whether one was called since one last woke.
static pthread_mutex_t bed = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t morning = PTHREAD_COND_INITIALIZER;
static _Atomic size_t sleeping;
static _Atomic int called;

static _Thread_local size_t depth, mostThreads;

/// Other programs may have the other cores. After a job that nobody helped with in time a thread keeps the next ones to
/// itself: one, then twice as many and one more with every such job.
static _Thread_local size_t distrust, kept;
enum { MOST_DISTRUST = 255 };

static inline void relax(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/// Rounds of waiting, some 50 us, after which a thread leaves its core to others.
enum { PATIENT_ROUNDS = 2000 };

static inline void relax_for(size_t round) {
    if (round < PATIENT_ROUNDS) relax();
    else sched_yield();
}

static void acquire(void) {
    for (size_t round = 0; atomic_flag_test_and_set_explicit(&lock, memory_order_acquire); round++) relax_for(round);
}

static void release(void) { atomic_flag_clear_explicit(&lock, memory_order_release); }

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

size_t starling_cores(void) {
#if defined(__linux__)
    static _Atomic size_t known;
    size_t cores = atomic_load_explicit(&known, memory_order_relaxed);
    if (cores == 0) {
        cpu_set_t set;
        const int found = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
        const long online = found > 0 ? found : sysconf(_SC_NPROCESSORS_ONLN);
        cores = online > 0 ? (size_t)online : 1;
        atomic_store_explicit(&known, cores, memory_order_relaxed);
    }
    return cores;
#else
    return 1;
#endif
}

void starling_begin_work(size_t threads) {
    if (depth++ > 0) return;
    mostThreads = threads;
    atomic_fetch_add(&working, 1);
}

void starling_end_work(void) {
    if (--depth == 0) atomic_fetch_sub(&working, 1);
}

size_t starling_workers(void) {
    if (depth == 0) return 1;
    if (kept > 0) {
        kept--;
        return 1;
    }
    const size_t others = atomic_load_explicit(&working, memory_order_relaxed) - 1;
    const size_t idle = mostThreads > others + 1 ? mostThreads - others - 1 : 0;
    return 1 + (idle < HELPERS ? idle : HELPERS);
}

/// Returns how many parts there were to take.
static size_t take_parts(job *j, size_t worker) {
    size_t own = 0;
    for (; atomic_fetch_add(&j->taken, 1) < j->parts; own++) {
        const size_t part = worker == 0 ? own : j->parts - 1 - atomic_fetch_add(&j->takenByHelpers, 1);
        j->body(j->context, part, worker);
    }
    return own;
}

/// Joins a job, if there is one that may have another helper.
static job *join(size_t *worker, size_t *seen) {
    acquire();
    *seen = atomic_load(&posted);
    job *j = jobs;
    while (j && (j->joined == j->helpers || atomic_load(&j->taken) >= j->parts || atomic_load(&working) >= j->limit)) {
        j = j->next;
    }
    if (j) {
        *worker = ++j->joined;
        atomic_fetch_add(&j->busy, 1);
        atomic_fetch_add(&working, 1);
    }
    release();
    return j;
}

static void *help(void *unused) {
    for (;;) {
        size_t worker = 0, seen = 0;
        job *j = join(&worker, &seen);
        if (j) {
            take_parts(j, worker);
            atomic_fetch_sub(&working, 1);
            // From here on the job may be gone.
            atomic_fetch_sub_explicit(&j->busy, 1, memory_order_release);
            continue;
        }
        const uint64_t end = now() + PATIENCE;
        do {
            for (size_t i = 0; i < 50 && atomic_load(&posted) == seen; i++) relax();
        } while (atomic_load(&posted) == seen && now() < end);
        if (atomic_load(&posted) != seen) continue;
        pthread_mutex_lock(&bed);
        atomic_fetch_add(&sleeping, 1);
        while (atomic_load(&posted) == seen) pthread_cond_wait(&morning, &bed);
        atomic_fetch_sub(&sleeping, 1);
        atomic_store(&called, 0);
        pthread_mutex_unlock(&bed);
    }
    return unused;
}

/// Starts helpers until there are so many, or the system has no more.
static void hire(size_t helpers) {
    static pthread_mutex_t hiring = PTHREAD_MUTEX_INITIALIZER;
    static _Atomic size_t hired;
    if (atomic_load_explicit(&hired, memory_order_relaxed) >= helpers) return;
    pthread_mutex_lock(&hiring);
    while (hired < helpers) {
        pthread_attr_t attributes;
        pthread_t thread;
        // Signals are for the program's own threads.
        sigset_t all, before;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        pthread_attr_init(&attributes);
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        // Frames of the kernels lie on the stack.
        pthread_attr_setstacksize(&attributes, 1 << 20);
        const int failed = pthread_create(&thread, &attributes, help, NULL);
        pthread_attr_destroy(&attributes);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (failed) break;
        hired++;
    }
    pthread_mutex_unlock(&hiring);
}

void starling_share(size_t parts, size_t workers, starling_part *body, void *context) {
    if (depth == 0 || workers < 2 || parts < 2) {
        for (size_t part = 0; part < parts; part++) body(context, part, 0);
        return;
    }
    const size_t helpers = (workers < parts ? workers : parts) - 1;
    hire(helpers);
    job j = {.body = body, .context = context, .parts = parts, .helpers = helpers, .limit = mostThreads};
    acquire();
    j.next = jobs;
    jobs = &j;
    atomic_fetch_add(&posted, 1);
    release();
    // Who has just been called may come too late for this job.
    int isForgiven = 0;
    if (atomic_load(&sleeping) > 0) {
        isForgiven = !atomic_exchange(&called, 1);
        pthread_mutex_lock(&bed);
        if (helpers == 1) pthread_cond_signal(&morning);
        else pthread_cond_broadcast(&morning);
        pthread_mutex_unlock(&bed);
    }
    const uint64_t start = now();
    const size_t own = take_parts(&j, 0);
    const uint64_t end = now();
    acquire();
    job **place = &jobs;
    while (*place != &j) place = &(*place)->next;
    *place = j.next;
    release();
    for (size_t round = 0; atomic_load_explicit(&j.busy, memory_order_acquire) > 0; round++) relax_for(round);
    // A helper's last part may last as long as two of this thread's.
    const int isLate = now() - end > 2 * (end - start) / (own > 0 ? own : 1) + PATIENCE / 2;
    if (atomic_load(&j.takenByHelpers) > 0 && !isLate) {
        distrust /= 2;
    } else if (isLate || !isForgiven) {
        kept = distrust = distrust < MOST_DISTRUST ? 2 * distrust + 1 : MOST_DISTRUST;
    }
}
