#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/close_range.h>
#include <linux/if_tun.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

// Between fork and exec only async-signal-safe functions run: the caller has threads.

struct report {
  int step;
  int error;
  pid_t process;
};

enum step { STARTED, JOIN, ENTER, FORK, IDENTITY, TERMINAL, EXECUTE };
static const char *const step_names[] = {"start", "join cgroup", "enter namespaces", "fork", "become root", "open terminal", "exec"};

static void tell(int channel, struct report report, int descriptor) {
  struct iovec part = {&report, sizeof report};
  union {
    char room[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
  } control = {{0}};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptor >= 0) {
    message.msg_control = control.room;
    message.msg_controllen = sizeof control.room;
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof(int));
  }
  (void)!sendmsg(channel, &message, MSG_NOSIGNAL);
}

static _Noreturn void give_up(int channel, enum step step) {
  tell(channel, (struct report){step, errno, 0}, -1);
  _exit(127);
}

// Tries every folder as execvp(3) does, but keeps EACCES over a later ENOENT.
static void execute(const struct vc_exec *what) {
  const char *name = what->arguments[0];
  if (strchr(name, '/')) {
    execve(name, what->arguments, what->environment);
    return;
  }
  int kept = ENOENT;
  for (const char *at = what->path; at; at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL) {
    char path[PATH_MAX];
    size_t folder = strcspn(at, ":"), length = strlen(name);
    if (folder == 0 || folder + length + 2 > sizeof path) continue;
    memcpy(path, at, folder);
    path[folder] = '/';
    memcpy(path + folder + 1, name, length + 1);
    execve(path, what->arguments, what->environment);
    if (errno != ENOENT && errno != ENOTDIR) kept = errno;
  }
  errno = kept;
}

// A guest may have put anything at /dev/pts/ptmx: only the kernel's own multiplexer will do.
static int open_terminal(void) {
  int master = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  struct stat facts;
  if (master < 0 || fstat(master, &facts)) return -1;
  if (!S_ISCHR(facts.st_mode) || facts.st_rdev != makedev(5, 2)) {
    errno = ENOTTY;
    return -1;
  }
  int unlocked = 0;
  if (ioctl(master, TIOCSPTLCK, &unlocked)) return -1;
  int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (slave < 0 || setsid() < 0 || ioctl(slave, TIOCSCTTY, 0)) return -1;
  if (fchown(slave, 0, 5)) {}  // a guest without the group tty still has a terminal
  for (int i = 0; i < 3; i++)
    if (dup2(slave, i) < 0) return -1;
  return master;
}

static int place_standard(const int *standard) {
  int moved[3];
  for (int i = 0; i < 3; i++)
    if ((moved[i] = fcntl(standard[i], F_DUPFD_CLOEXEC, 3)) < 0) return -1;
  for (int i = 0; i < 3; i++)
    if (dup2(moved[i], i) < 0) return -1;
  return 0;
}

static _Noreturn void be_program(const struct vc_exec *what, int channel) {
  syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);
  if (setgroups(0, NULL) || setresgid(0, 0, 0) || setresuid(0, 0, 0)) give_up(channel, IDENTITY);
  int master = -1;
  if (what->terminal) master = open_terminal();
  // Out of the caller's session: the guest could type into a terminal that it shares with the caller (TIOCSTI).
  else setsid();
  if (what->terminal ? master < 0 : place_standard(what->standard)) give_up(channel, TERMINAL);
  tell(channel, (struct report){STARTED, 0, 0}, master);
  // Whatever the caller has open beside this is not the guest's business.
  syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
  for (int i = 1; i < NSIG; i++) signal(i, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  umask(022);
  if (chdir(what->folder) && chdir("/")) give_up(channel, IDENTITY);
  execute(what);
  give_up(channel, EXECUTE);
}

static _Noreturn void enter(const struct vc_exec *what, int namespaces, int channel) {
  // Until exec replaces it, this memory is the caller's: nobody in the guest may look into it.
  prctl(PR_SET_DUMPABLE, 0);
  for (int i = 0; i < what->cgroup_count; i++)
    if (write(what->cgroups[i], "0", 1) < 0) give_up(channel, JOIN);
  if (setns(namespaces, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC |
                          CLONE_NEWCGROUP))
    give_up(channel, ENTER);
  // A process namespace takes in children only; CLONE_PARENT makes that child our caller's.
  long child = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
  if (child < 0) give_up(channel, FORK);
  if (child == 0) be_program(what, channel);
  tell(channel, (struct report){FORK, 0, (pid_t)child}, -1);
  _exit(0);
}

static ssize_t hear(int channel, struct report *report, int *descriptor) {
  struct iovec part = {report, sizeof *report};
  union {
    char room[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
  ssize_t length;
  do length = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
  while (length < 0 && errno == EINTR);
  struct cmsghdr *header = length > 0 ? CMSG_FIRSTHDR(&message) : NULL;
  if (header && header->cmsg_type == SCM_RIGHTS) memcpy(descriptor, CMSG_DATA(header), sizeof(int));
  return length;
}

// Listens until the program runs (its end of the channel closes at exec) or says why it does not.
static pid_t follow(int channel, pid_t helper, int *terminal, const char **failed_step) {
  struct report report;
  pid_t program = 0;
  int error = 0;
  *terminal = -1;
  while (hear(channel, &report, terminal) == (ssize_t)sizeof report) {
    if (report.process) program = report.process;
    if (report.error) {
      error = report.error;
      *failed_step = step_names[report.step];
    }
  }
  while (waitpid(helper, NULL, 0) < 0 && errno == EINTR) {}
  if (!error && program) return program;
  if (program)
    while (waitpid(program, NULL, 0) < 0 && errno == EINTR) {}
  if (*terminal >= 0) close(*terminal);
  *terminal = -1;
  errno = error ? error : ESRCH;
  return -1;
}

pid_t vc_exec_in(const struct vc_exec *what, int *terminal, const char **failed_step) {
  int channel[2];
  *failed_step = step_names[STARTED];
  int namespaces = (int)syscall(SYS_pidfd_open, what->process, 0);
  if (namespaces < 0) return -1;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel)) {
    close(namespaces);
    return -1;
  }
  pid_t helper = fork();
  if (helper == 0) enter(what, namespaces, channel[1]);
  int saved = errno;
  close(namespaces);
  close(channel[1]);
  pid_t program = -1;
  errno = saved;
  if (helper > 0) program = follow(channel[0], helper, terminal, failed_step);
  saved = errno;
  close(channel[0]);
  errno = saved;
  return program;
}

// A process has one set of signal handlers, and so one program at a time gets its signals.
static volatile pid_t forwarded;

static void forward(int number) {
  int saved = errno;
  kill(-forwarded, number);
  errno = saved;
}

int vc_wait_forwarding(pid_t program) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  enum { COUNT = sizeof numbers / sizeof *numbers };
  struct sigaction action = {.sa_handler = forward, .sa_flags = SA_RESTART}, kept[COUNT];
  forwarded = program;
  for (int i = 0; i < COUNT; i++) sigaction(numbers[i], &action, &kept[i]);
  int status = -1;
  while (waitpid(program, &status, 0) < 0 && errno == EINTR) {}
  for (int i = 0; i < COUNT; i++) sigaction(numbers[i], &kept[i], NULL);
  if (status == -1) return -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int vc_make_tap(int device, const char *name) {
  struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
  if (strlen(name) >= IFNAMSIZ) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(request.ifr_name, name);
  if (ioctl(device, TUNSETIFF, &request) < 0) return -1;
  return ioctl(device, TUNSETPERSIST, 1);
}

int vc_process_descriptor(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int vc_signal(int process, int number) { return (int)syscall(SYS_pidfd_send_signal, process, number, NULL, 0); }

int vc_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int vc_wait_timed(pid_t program, int milliseconds) {
  struct pollfd watched = {.fd = vc_process_descriptor(program), .events = POLLIN};
  if (watched.fd < 0) return -1;
  int ready;
  // A signal begins the time anew: it bounds a wait, it measures nothing.
  do ready = poll(&watched, 1, milliseconds);
  while (ready < 0 && errno == EINTR);
  int saved = errno;
  if (ready <= 0) kill(program, SIGKILL);
  int status = -1;
  while (waitpid(program, &status, 0) < 0 && errno == EINTR) {}
  close(watched.fd);
  errno = ready < 0 ? saved : ETIMEDOUT;
  if (ready <= 0 || status == -1) return -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
