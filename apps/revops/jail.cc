#include "apps/revops/jail.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <linux/landlock.h>
#include <seccomp.h>

#include "apps/revops/worker_process.h"

namespace revops::app {
namespace {

/// Every access that the first version of Landlock knows, EXECUTE to MAKE_SYM.
constexpr std::uint64_t kAllAccess = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1;

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
    SCMP_SYS(sendmmsg),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(kcmp),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
    SCMP_SYS(setpgid),
    SCMP_SYS(setsid),
    SCMP_SYS(setrlimit),
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
    SCMP_SYS(creat),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(truncate),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(fchown),
    SCMP_SYS(lchown),
    SCMP_SYS(fchownat),
    SCMP_SYS(utime),
    SCMP_SYS(utimes),
    SCMP_SYS(utimensat),
    SCMP_SYS(futimesat),
    SCMP_SYS(setxattr),
    SCMP_SYS(lsetxattr),
    SCMP_SYS(fsetxattr),
    SCMP_SYS(removexattr),
    SCMP_SYS(lremovexattr),
    SCMP_SYS(fremovexattr),
    SCMP_SYS(openat2),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(memfd_create),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(chroot),
    SCMP_SYS(pivot_root),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(chdir),
    SCMP_SYS(fchdir),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(acct),
    SCMP_SYS(syslog),
    SCMP_SYS(quotactl),
    SCMP_SYS(setuid),
    SCMP_SYS(setgid),
    SCMP_SYS(setreuid),
    SCMP_SYS(setregid),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresgid),
    SCMP_SYS(setgroups),
    SCMP_SYS(capset),
};

Unexpected Refused(const char* what) {
  return Fail(
      ErrorCode::kUnavailable,
      std::string("the import worker cannot give up its rights, so no foreign file is parsed: ") +
          what);
}

/// Rights are given up thread by thread. The thread sanitizer has one of its own.
bool is_single_threaded() {
  if (kHasThreadSanitizer) return true;
  std::error_code error;
  std::filesystem::directory_iterator threads("/proc/self/task", error);
  const std::filesystem::directory_iterator end;
  if (error || threads == end) return false;
  threads.increment(error);
  return !error && threads == end;
}

/// A limit that is lower already stays.
Result<void> Limit(__rlimit_resource resource, rlim_t most) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0) return Refused("getrlimit fails");
  limit.rlim_max = std::min(limit.rlim_max, most);
  limit.rlim_cur = std::min(limit.rlim_cur, limit.rlim_max);
  if (setrlimit(resource, &limit) != 0) return Refused("setrlimit fails");
  return {};
}

Result<void> LimitResources(const JailLimits& limits) {
  if (kLimitsAddressSpace) REVOPS_TRY(Limit(RLIMIT_AS, limits.address_space_bytes));
  REVOPS_TRY(Limit(RLIMIT_CPU, limits.processor_seconds));
  REVOPS_TRY(Limit(RLIMIT_FSIZE, limits.file_bytes));
  return Limit(RLIMIT_CORE, 0);
}

/// Landlock: every kind of access to files is denied, but for reading the one behind `input`.
Result<void> CloseFiles(int input) {
  if (!can_close_files()) return {};
  landlock_ruleset_attr denied{};
  denied.handled_access_fs = kAllAccess;
  const Descriptor rules(
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &denied, sizeof denied, 0)));
  if (!rules) return Refused("landlock_create_ruleset fails");
  landlock_path_beneath_attr readable{};
  readable.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
  readable.parent_fd = input;
  if (syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &readable, 0) != 0) {
    return Refused("landlock_add_rule fails");
  }
  if (syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
    return Refused("landlock_restrict_self fails");
  }
  return {};
}

struct FilterDeleter {
  void operator()(void* filter) const { seccomp_release(filter); }
};

/// Denies a call where the masked bits of one argument have that value.
bool DenyWhere(scmp_filter_ctx filter, int call, unsigned argument, int mask, int value) {
  const scmp_arg_cmp condition{argument, SCMP_CMP_MASKED_EQ, static_cast<scmp_datum_t>(mask),
                               static_cast<scmp_datum_t>(value)};
  return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), call, 1, &condition) == 0;
}

/// Denies a call unless one argument has that value.
bool DenyUnless(scmp_filter_ctx filter, int call, unsigned argument, int value) {
  const scmp_arg_cmp condition{argument, SCMP_CMP_NE, static_cast<scmp_datum_t>(value), 0};
  return seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), call, 1, &condition) == 0;
}

/// Files are opened for reading alone, neither made nor cut; threads are made, processes are not;
/// signals go to this process, which abort() needs; limits are read, not set.
bool AddArgumentRules(scmp_filter_ctx filter) {
  bool added = true;
  const std::pair<int, int> ways_to_write[] = {
      {O_ACCMODE, O_WRONLY}, {O_ACCMODE, O_RDWR}, {O_CREAT, O_CREAT}, {O_TRUNC, O_TRUNC}};
  for (const auto& [mask, flag] : ways_to_write) {
    added = added && DenyWhere(filter, SCMP_SYS(open), 1, mask, flag) &&
            DenyWhere(filter, SCMP_SYS(openat), 2, mask, flag);
  }
  // The C library falls back from clone3 to clone, whose flags a filter can see.
  return added && DenyWhere(filter, SCMP_SYS(clone), 0, CLONE_THREAD, 0) &&
         seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
         DenyUnless(filter, SCMP_SYS(tgkill), 0, getpid()) &&
         DenyUnless(filter, SCMP_SYS(prlimit64), 2, 0);
}

Result<void> DenySystemCalls() {
  const std::unique_ptr<void, FilterDeleter> filter(seccomp_init(SCMP_ACT_ALLOW));
  bool added = filter != nullptr;
  for (const int call : kDeniedCalls) {
    added = added && seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
  }
  if (added && AddArgumentRules(filter.get()) && seccomp_load(filter.get()) == 0) return {};
  return Refused("the kernel has no seccomp filters");
}

}  // namespace

bool can_close_files() {
  return syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

Result<void> EnterJail(int input, const JailLimits& limits) {
  if (!is_single_threaded()) return Refused("it has a second thread");
  REVOPS_TRY(LimitResources(limits));
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0) {
    return Refused("prctl fails");
  }
  REVOPS_TRY(CloseFiles(input));
  return DenySystemCalls();
}

}  // namespace revops::app
