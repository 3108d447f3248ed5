#pragma once
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/pidfd.h>
#include <sys/timerfd.h>
#include <sys/types.h>

/// What to run inside another process's namespaces. All pointers stay the caller's.
struct vc_exec {
  /// Process whose namespaces are entered (a machine's PID 1).
  pid_t process;
  /// Descriptors open for writing on the `cgroup.procs` files that the program joins, and their number.
  const int *cgroups;
  int cgroup_count;
  /// Program and arguments; a program without a slash is searched in `path`.
  char *const *arguments;
  char *const *environment;
  /// Colon-separated folders, and the working directory (falls back to `/`).
  const char *path;
  const char *folder;
  /// Standard input, output and error; unused with a terminal.
  int standard[3];
  /// Not 0: allocate a terminal in the guest's own devpts.
  int terminal;
};

/// Starts a program inside a process's user, mount, process, network, UTS, IPC and cgroup namespaces.
/// The program is a child of the caller. Returns its process id, or -1 with errno; `*failed_step` then says what
/// failed (`exec` where the program could not be executed). With a terminal, `*terminal` is its master end,
/// close-on-exec. Thread-safe.
pid_t vc_exec_in(const struct vc_exec *what, int *terminal, const char **failed_step);

/// A descriptor that stands for a process whatever becomes of its number, close-on-exec (pidfd_open(2)), or -1 with
/// errno.
int vc_process_descriptor(pid_t process);

/// Sends a signal to the process behind a descriptor (pidfd_send_signal(2)); -1 with errno where it is gone.
int vc_signal(int process, int number);

/// A file of memory without a name in any folder, close-on-exec (memfd_create(2)), or -1 with errno.
int vc_memory_file(const char *name);

/// Waits for a child at most so long, and kills it then. Returns its exit status, 128 and the number of its signal,
/// or -1 with errno, which is ETIMEDOUT where it had to be killed.
int vc_wait_timed(pid_t program, int milliseconds);

/// Waits for a program that `vc_exec_in` started without a terminal and passes INT, TERM, HUP and QUIT on to its
/// session meanwhile. Returns its exit status, 128 and the number of its signal, or -1. One call at a time.
int vc_wait_forwarding(pid_t program);

/// Makes the open `/dev/net/tun` a persistent tap of the thread's network namespace; -1 and errno on failure.
int vc_make_tap(int device, const char *name);
