#include "apps/revops/jail.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <memory>

#include <seccomp.h>

namespace revops::app {
namespace {

[[maybe_unused]] constexpr rlim_t kAddressSpaceBytes = rlim_t{6} << 30U;
constexpr rlim_t kProcessorSeconds = 600;
constexpr rlim_t kFileBytes = rlim_t{16} << 30U;

/// What a parser never needs; each call fails with EPERM.
constexpr std::array kDeniedCalls = {
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(lchown),
    SCMP_SYS(fchownat),
    SCMP_SYS(truncate),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(chroot),
    SCMP_SYS(pivot_root),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(creat),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(openat2),
};

Result<void> Limit(__rlimit_resource resource, rlim_t most) {
  const rlimit limit{most, most};
  if (setrlimit(resource, &limit) == 0) return {};
  return Fail(ErrorCode::kUnavailable, "cannot limit the import worker");
}

struct FilterDeleter {
  void operator()(void* filter) const { seccomp_release(filter); }
};

/// Files are opened for reading alone; threads are made, processes are not.
bool AddArgumentRules(scmp_filter_ctx filter) {
  const auto deny = SCMP_ACT_ERRNO(EPERM);
  bool added = true;
  for (const int flag : {O_WRONLY, O_RDWR}) {
    const auto mode = static_cast<scmp_datum_t>(flag);
    added = added &&
            seccomp_rule_add(filter, deny, SCMP_SYS(openat), 1,
                             SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, mode)) == 0 &&
            seccomp_rule_add(filter, deny, SCMP_SYS(open), 1,
                             SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE, mode)) == 0;
  }
  return added &&
         seccomp_rule_add(filter, deny, SCMP_SYS(clone), 1,
                          SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0 &&
         // The C library falls back to clone, whose flags a filter can see.
         seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

Result<void> DenySystemCalls() {
  const std::unique_ptr<void, FilterDeleter> filter(seccomp_init(SCMP_ACT_ALLOW));
  bool added = filter != nullptr;
  for (const int call : kDeniedCalls) {
    added = added && seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
  }
  if (added && AddArgumentRules(filter.get()) && seccomp_load(filter.get()) == 0) return {};
  return Fail(ErrorCode::kUnavailable,
              "the kernel does not let the import worker give up its rights, so no foreign file is "
              "parsed: it needs seccomp filters");
}

}  // namespace

Result<void> EnterJail() {
#ifndef __SANITIZE_ADDRESS__  // The sanitizer's shadow takes terabytes of address space.
  REVOPS_TRY(Limit(RLIMIT_AS, kAddressSpaceBytes));
#endif
  REVOPS_TRY(Limit(RLIMIT_CPU, kProcessorSeconds));
  REVOPS_TRY(Limit(RLIMIT_FSIZE, kFileBytes));
  REVOPS_TRY(Limit(RLIMIT_CORE, 0));
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0) {
    return Fail(ErrorCode::kUnavailable, "cannot limit the import worker");
  }
  return DenySystemCalls();
}

}  // namespace revops::app
