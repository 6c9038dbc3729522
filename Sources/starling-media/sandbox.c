// What the process gives up before it reads a byte of anybody's file: opening files, sockets, starting programs, other
// descriptors, more than half a gigabyte of memory, and more processor time than it was told. A decoder that was taken
// over can still compute, and write to the pipe that its parent reads samples from.
#define _GNU_SOURCE
#include "media.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "name the architecture of this machine here"
#endif

// Bytes of memory that are not shared with other programs.
static const rlim_t most_memory = 512 << 20;

static void limit(int resource, rlim_t most) {
    struct rlimit value = {most, most};
    if (setrlimit(resource, &value) != 0) fail("cannot set resource limits", AVERROR(errno));
}

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define ALLOW(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), RETURN(SECCOMP_RET_ALLOW)
#define REFUSED (SECCOMP_RET_ERRNO | EPERM)

void enter_sandbox(unsigned processor_seconds) {
    // Kernels before 5.9 do not know the call, and then there is only the filter between the process and open
    // descriptors.
    syscall(SYS_close_range, (unsigned)last_descriptor + 1, ~0u, 0u);
    limit(RLIMIT_CPU, processor_seconds);
    limit(RLIMIT_DATA, most_memory);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, last_descriptor + 1);

    struct sock_filter rules[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        RETURN(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
        ALLOW(read), ALLOW(write), ALLOW(lseek), ALLOW(fstat), ALLOW(fcntl), ALLOW(close),
        ALLOW(brk), ALLOW(munmap), ALLOW(mremap), ALLOW(madvise), ALLOW(futex),
        ALLOW(clock_gettime), ALLOW(gettimeofday), ALLOW(getrandom),
        ALLOW(rt_sigreturn), ALLOW(rt_sigprocmask), ALLOW(restart_syscall),
        ALLOW(exit), ALLOW(exit_group),
        // Memory, but none that can be executed.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 3),
        LOAD(args[2]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 1, 0),
        RETURN(SECCOMP_RET_ALLOW),
        RETURN(REFUSED),
    };
    struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        fail("the system lacks seccomp filters, which decoding requires", AVERROR(errno));
}
