// Launcher and PID 1 of namespace machines, in one static program.
//
// Started once for a batch of machines of one infrastructure, it reads the batch from a SOCK_SEQPACKET socket on
// descriptor 3, builds every machine in a child of its own, and leaves. The child is the machine's PID 1: nothing
// is executed on the way, so a machine costs a few copied pages. The protocol is LauncherProtocol.swift's.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <net/if.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { CHANNEL = 3, MAX_FIELDS = 64, MAX_HIERARCHIES = 8, MAX_MACHINES = 65536, ID_COUNT = 65536 };

struct packet {
  char text[65536];
  char *fields[MAX_FIELDS];
  int count;
  size_t length;
};

struct hierarchy {
  int folder;
  bool unified;
};

static struct hierarchy hierarchies[MAX_HIERARCHIES];
static int hierarchy_count, image_count, machine_count;
static uint32_t base_id;
static int user_namespace = -1;
// Host process ids, written by the kernel before the child first runs (CLONE_PARENT_SETTID): inside its own
// process namespace a machine cannot learn its number outside.
static pid_t *process_ids;
static char *title_area;
static size_t title_room;

static void send_report(const char *kind, const char *key, const char *step, long number) {
  char text[512];
  int length = snprintf(text, sizeof text, "%s%c%s%c%s%c%ld%c", kind, 0, key, 0, step, 0, number, 0);
  // The one that asked may be gone; the machines come up all the same and are found by their cgroups.
  if (length > 0) (void)!send(CHANNEL, text, (size_t)length, MSG_NOSIGNAL);
}

static const char *current_key = "";

static _Noreturn void fail(const char *step) {
  send_report("failed", current_key, step, errno);
  _exit(1);
}

// Runs a system call; where it fails, reports the step and errno and ends this process only.
#define STEP(name, call) \
  do { \
    if ((long)(call) < 0) fail(name); \
  } while (0)

static _Noreturn void refuse(const char *step) {
  errno = EBADMSG;
  fail(step);
}

// MARK: Records

static bool read_packet(struct packet *packet) {
  ssize_t length;
  do length = recv(CHANNEL, packet->text, sizeof packet->text, MSG_TRUNC);
  while (length < 0 && errno == EINTR);
  if (length == 0) return false;
  STEP("read specification", length);
  if ((size_t)length > sizeof packet->text || packet->text[length - 1]) refuse("specification too long");
  packet->count = 0;
  packet->length = (size_t)length;
  for (char *at = packet->text; at < packet->text + length; at += strlen(at) + 1) {
    if (packet->count == MAX_FIELDS) refuse("too many fields");
    packet->fields[packet->count++] = at;
  }
  return true;
}

static unsigned long long number(const char *text, unsigned long long limit) {
  if (*text < '0' || *text > '9') refuse("number expected");
  char *end;
  errno = 0;
  unsigned long long value = strtoull(text, &end, 10);
  if (errno || *end || value > limit) refuse("number out of range");
  return value;
}

static bool is(const struct packet *packet, const char *kind, int fields) {
  if (strcmp(packet->fields[0], kind)) return false;
  if (packet->count != fields) refuse(kind);
  return true;
}

// A single path component that cannot climb.
static const char *component(const char *text) {
  if (!*text || *text == '.' || strchr(text, '/')) refuse("name expected");
  return text;
}

// MARK: Small wrappers

static int open_tree_clone(const char *path) {
  return (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
}

static int attach(int tree, const char *path) {
  return (int)syscall(SYS_move_mount, tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH);
}

static int write_file(int folder, const char *path, const char *text) {
  int file = openat(folder, path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t written = write(file, text, strlen(text));
  int saved = errno;
  close(file);
  errno = saved;
  return written < 0 ? -1 : 0;
}

static int pivot(const char *root) {
  if (chdir(root) || syscall(SYS_pivot_root, ".", ".")) return -1;
  return umount2(".", MNT_DETACH) || chdir("/") ? -1 : 0;
}

// MARK: The launcher's own, minimal world

// One user namespace for the whole infrastructure: a process that only holds it until the mapping is written.
static void make_user_namespace(void) {
  pid_t holder = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  STEP("create user namespace", holder);
  if (holder == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
  char path[64], map[64];
  snprintf(map, sizeof map, "0 %u %u", base_id, (unsigned)ID_COUNT);
  snprintf(path, sizeof path, "/proc/%d/uid_map", holder);
  int failed = write_file(AT_FDCWD, path, map);
  snprintf(path, sizeof path, "/proc/%d/gid_map", holder);
  if (!failed) failed = write_file(AT_FDCWD, path, map);
  snprintf(path, sizeof path, "/proc/%d/ns/user", holder);
  if (!failed) user_namespace = open(path, O_RDONLY | O_CLOEXEC);
  int saved = errno;
  kill(holder, SIGKILL);
  waitpid(holder, NULL, 0);
  errno = saved;
  STEP("map user ids", user_namespace);
}

static void make_node(const char *path, mode_t mode, unsigned major_number, unsigned minor_number) {
  STEP("create device", mknod(path, S_IFCHR | mode, makedev(major_number, minor_number)));
  STEP("create device", chown(path, base_id, base_id));
  STEP("create device", chmod(path, mode));
}

static void make_link(const char *target, const char *path) {
  STEP("create device link", symlink(target, path));
  STEP("create device link", lchown(path, base_id, base_id));
}

// /dev of all the batch's machines: read-only, so that sharing it cannot be noticed.
static void make_devices(bool has_tunnels) {
  STEP("create /dev", mkdir("/dev", 0755));
  STEP("mount /dev", mount("virtcloud", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=1m"));
  STEP("create /dev", chown("/dev", base_id, base_id));
  make_node("/dev/null", 0666, 1, 3);
  make_node("/dev/zero", 0666, 1, 5);
  make_node("/dev/full", 0666, 1, 7);
  make_node("/dev/random", 0666, 1, 8);
  make_node("/dev/urandom", 0666, 1, 9);
  make_node("/dev/tty", 0666, 5, 0);
  STEP("create /dev/net", mkdir("/dev/net", 0755));
  STEP("create /dev/pts", mkdir("/dev/pts", 0755));
  if (has_tunnels) make_node("/dev/net/tun", 0666, 10, 200);
  make_link("/proc/self/fd", "/dev/fd");
  make_link("/proc/self/fd/0", "/dev/stdin");
  make_link("/proc/self/fd/1", "/dev/stdout");
  make_link("/proc/self/fd/2", "/dev/stderr");
  make_link("pts/ptmx", "/dev/ptmx");
  make_link("/run/shm", "/dev/shm");
  STEP("seal /dev", mount(NULL, "/dev", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC, NULL));
}

// A mount namespace whose cost to copy does not depend on how much the host has mounted.
static void make_world(void) {
  bool has_tunnels = access("/dev/net/tun", F_OK) == 0;
  STEP("unshare mounts", unshare(CLONE_NEWNS));
  STEP("make mounts private", mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
  // Image and hosts-file paths are the host's: their trees were cloned before this.
  STEP("mount world", mount("virtcloud", "/tmp", "tmpfs", MS_NOSUID, "mode=755"));
  STEP("enter world", pivot("/tmp"));
  STEP("create /m", mkdir("/m", 0755));
  make_devices(has_tunnels);
}

// MARK: Images

static void copy_attributes(const char *image, const char *path, const char *made) {
  char original[4300];
  struct stat facts;
  snprintf(original, sizeof original, "%s/%s", image, path);
  bool exists = lstat(original, &facts) == 0 && S_ISDIR(facts.st_mode);
  STEP("own mask", chown(made, exists ? facts.st_uid : base_id, exists ? facts.st_gid : base_id));
  STEP("own mask", chmod(made, exists ? facts.st_mode & 07777 : 0755));
}

// Makes the folders above `path` in the mask layer; they merge with the image's and so must look like them.
static void make_parents(const char *image, const char *mask, const char *path) {
  char made[4300];
  for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
    char prefix[4096];
    snprintf(prefix, sizeof prefix, "%.*s", (int)(slash - path), path);
    snprintf(made, sizeof made, "%s/%s", mask, prefix);
    if (mkdir(made, 0755) == 0) copy_attributes(image, prefix, made);
    else if (errno != EEXIST) fail("create mask");
  }
}

static void make_folder(int image, const char *path, mode_t mode, bool is_opaque) {
  char low[32], mask[32], made[4300];
  snprintf(low, sizeof low, "/low%d", image);
  snprintf(mask, sizeof mask, "/mask%d", image);
  snprintf(made, sizeof made, "%s/%s", mask, path);
  make_parents(low, mask, path);
  if (mkdir(made, 0755) && errno != EEXIST) fail("create mask");
  if (mode) {
    STEP("own mask", chown(made, base_id, base_id));
    STEP("own mask", chmod(made, mode));
  } else {
    copy_attributes(low, path, made);
  }
  if (is_opaque) STEP("mask folder", setxattr(made, "trusted.overlay.opaque", "y", 1, 0));
}

static void make_file(int image, const char *path, const char *text, mode_t mode) {
  char low[32], mask[32], made[4300];
  snprintf(low, sizeof low, "/low%d", image);
  snprintf(mask, sizeof mask, "/mask%d", image);
  snprintf(made, sizeof made, "%s/%s", mask, path);
  make_parents(low, mask, path);
  int file = open(made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  STEP("create mask file", file);
  STEP("write mask file", write(file, text, strlen(text)));
  STEP("own mask file", fchown(file, base_id, base_id));
  close(file);
}

// Overlay's own sign for "deleted below": character device 0/0 (Documentation/filesystems/overlayfs.rst).
static void make_whiteout(int image, const char *path) {
  char low[32], mask[32], made[4300];
  snprintf(low, sizeof low, "/low%d", image);
  snprintf(mask, sizeof mask, "/mask%d", image);
  snprintf(made, sizeof made, "%s/%s", mask, path);
  make_parents(low, mask, path);
  STEP("mask file", mknod(made, S_IFCHR, makedev(0, 0)));
}

// The image as machines see it: ids shifted into their namespace, nothing writable, no device of its own.
static void place_image(int tree) {
  char low[32], mask[32];
  snprintf(low, sizeof low, "/low%d", image_count);
  snprintf(mask, sizeof mask, "/mask%d", image_count);
  struct mount_attr attributes = {
    .attr_set = MOUNT_ATTR_IDMAP | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV,
    .userns_fd = (uint64_t)user_namespace,
  };
  STEP("map ids of image", syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes));
  STEP("create image folder", mkdir(low, 0755));
  STEP("mount image", attach(tree, low));
  STEP("create mask", mkdir(mask, 0755));
  int image = image_count++;
  // Mount points are real folders whatever the image has there, such as a symbolic link that leads elsewhere.
  make_folder(image, "proc", 0555, true);
  make_folder(image, "sys", 0555, true);
  make_folder(image, "dev", 0755, true);
  make_folder(image, "tmp", 01777, true);
  make_folder(image, "run", 0755, true);
  make_folder(image, "run/shm", 01777, false);
  make_folder(image, "run/lock", 01777, false);
  make_file(image, "etc/hosts", "", 0644);
}

// MARK: A machine, seen from inside

static void join_cgroups(const char *key) {
  char path[300];
  for (int i = 0; i < hierarchy_count; i++) {
    // Born there by CLONE_INTO_CGROUP.
    if (i == 0 && hierarchies[i].unified) continue;
    snprintf(path, sizeof path, "%s/cgroup.procs", key);
    STEP("join cgroup", write_file(hierarchies[i].folder, path, "0"));
  }
}

// Opens the files that limit the machine while this process is still the host's root. They are written last:
// a machine that may use a hundredth of a processor must not need a second to be built.
static int open_limits(const struct packet *packet, const char *key, int *files) {
  char path[400];
  int count = 0;
  for (int i = 7; i + 2 < packet->count; i += 3) {
    unsigned long long hierarchy = number(packet->fields[i], (unsigned)hierarchy_count - 1);
    snprintf(path, sizeof path, "%s/%s", key, component(packet->fields[i + 1]));
    files[count] = openat(hierarchies[hierarchy].folder, path, O_WRONLY | O_CLOEXEC);
    STEP(packet->fields[i + 1], files[count++]);
  }
  return count;
}

static void write_limits(const struct packet *packet, const int *files, int count) {
  for (int i = 0; i < count; i++) {
    const char *value = packet->fields[9 + 3 * i];
    STEP(packet->fields[8 + 3 * i], write(files[i], value, strlen(value)));
  }
}

static void make_root(unsigned long long image, unsigned long long memory) {
  char options[256];
  snprintf(options, sizeof options, "mode=755,size=%llu,uid=%u,gid=%u", memory, base_id, base_id);
  STEP("mount upper layer", mount("virtcloud", "/m", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOATIME, options));
  STEP("create upper layer", mkdir("/m/u", 0755));
  STEP("own upper layer", chown("/m/u", base_id, base_id));
  STEP("create work folder", mkdir("/m/w", 0755));
  STEP("create root folder", mkdir("/m/r", 0755));
  snprintf(options, sizeof options, "lowerdir=/mask%llu:/low%llu,upperdir=/m/u,workdir=/m/w", image, image);
  STEP("mount root", mount("virtcloud", "/m/r", "overlay", MS_NODEV | MS_NOATIME, options));
}

static void enter_root(void) {
  int devices = open_tree_clone("/dev"), hosts = open_tree_clone("/hosts");
  STEP("clone /dev", devices);
  STEP("clone hosts file", hosts);
  STEP("change root", pivot("/m/r"));
  STEP("mount /dev", attach(devices, "/dev"));
  STEP("mount /etc/hosts", attach(hosts, "/etc/hosts"));
  STEP("mount /proc", mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
  char options[96];
  snprintf(options, sizeof options, "newinstance,ptmxmode=0666,mode=0620,gid=%u", base_id + 5);
  STEP("mount /dev/pts", mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, options));
}

static void become_guest(void) {
  STEP("leave keyring", syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL));
  STEP("enter user namespace", setns(user_namespace, CLONE_NEWUSER));
  STEP("drop groups", setgroups(0, NULL));
  STEP("become root", setresgid(0, 0, 0));
  STEP("become root", setresuid(0, 0, 0));
  STEP("create namespaces", unshare(CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP));
}

static void start_network(bool is_router) {
  int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  STEP("open socket", socket_);
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  STEP("set lo up", ioctl(socket_, SIOCSIFFLAGS, &request));
  close(socket_);
  if (!is_router) return;
  STEP("forward IPv4", write_file(AT_FDCWD, "/proc/sys/net/ipv4/ip_forward", "1"));
  // Forwarding also makes accept_ra=1 mean "no" (Documentation/networking/ip-sysctl.rst).
  if (access("/proc/sys/net/ipv6", F_OK) == 0)
    STEP("forward IPv6", write_file(AT_FDCWD, "/proc/sys/net/ipv6/conf/all/forwarding", "1"));
}

static void set_title(const char *title) {
  memset(title_area, 0, title_room);
  snprintf(title_area, title_room, "%s", title);
  prctl(PR_SET_NAME, "vc-init");
}

// PID 1's life: reap whatever is orphaned; SIGTERM ends the machine, because the kernel kills a process
// namespace together with its PID 1 (pid_namespaces(7)).
static _Noreturn void be_init(const sigset_t *awaited) {
  for (;;) {
    int signal_ = sigwaitinfo(awaited, NULL);
    if (signal_ == SIGTERM) _exit(0);
    while (waitpid(-1, NULL, WNOHANG) > 0) {}
  }
}

static _Noreturn void be_machine(struct packet *packet, int index) {
  const char *key = packet->fields[1];
  sigset_t all, awaited;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, SIGTERM);
  umask(022);
  STEP("start session", setsid());
  int limits[MAX_FIELDS / 3], limit_count = open_limits(packet, key, limits);
  join_cgroups(key);
  make_root(number(packet->fields[4], (unsigned)image_count - 1), number(packet->fields[5], UINT64_MAX));
  enter_root();
  become_guest();
  STEP("set host name", sethostname(packet->fields[2], strlen(packet->fields[2])));
  start_network(number(packet->fields[6], 1));
  write_limits(packet, limits, limit_count);
  pid_t outside = process_ids[index];
  munmap(process_ids, MAX_MACHINES * sizeof *process_ids);
  set_title(packet->fields[3]);
  // Changing ids made the process undumpable, and its /proc files nobody's; nothing of the host is left in it.
  prctl(PR_SET_DUMPABLE, 1);
  send_report("ready", key, "", outside);
  syscall(SYS_close_range, 0, ~0U, 0);
  // Only what was used: an untouched page costs nothing.
  memset(packet->text, 0, packet->length);
  be_init(&awaited);
}

// MARK: A machine, seen from the launcher

static void make_cgroups(const char *key) {
  for (int i = 0; i < hierarchy_count; i++) STEP("create cgroup", mkdirat(hierarchies[i].folder, key, 0755));
}

static void launch(struct packet *packet) {
  if (packet->count < 7 || (packet->count - 7) % 3) refuse("machine");
  if (machine_count == MAX_MACHINES) refuse("too many machines");
  current_key = component(packet->fields[1]);
  make_cgroups(current_key);
  struct clone_args arguments = {
    .flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_PARENT_SETTID,
    .exit_signal = SIGCHLD,
    .parent_tid = (uint64_t)(uintptr_t)&process_ids[machine_count],
  };
  int cgroup = -1;
  if (hierarchies[0].unified) {
    cgroup = openat(hierarchies[0].folder, current_key, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STEP("open cgroup", cgroup);
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = (uint64_t)cgroup;
  }
  long child = syscall(SYS_clone3, &arguments, sizeof arguments);
  STEP("create process", child);
  if (child == 0) be_machine(packet, machine_count);
  if (cgroup >= 0) close(cgroup);
  machine_count++;
  current_key = "";
}

static void add_hierarchy(const char *path, bool is_unified) {
  if (hierarchy_count == MAX_HIERARCHIES) refuse("too many hierarchies");
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  STEP("open cgroup folder", folder);
  hierarchies[hierarchy_count++] = (struct hierarchy){folder, is_unified};
  // From now on, whatever kills the infrastructure's cgroup kills a launcher under way, too.
  if (hierarchy_count == 1) STEP("join launcher's cgroup", write_file(folder, "launcher/cgroup.procs", "0"));
}

// Reads what comes before the machines: cgroups, hosts file and images. Trees are cloned while the host's paths can
// still be seen and placed once the world is there.
static void prepare(struct packet *packet) {
  int trees[16], count = 0, hosts = -1;
  if (!read_packet(packet) || !is(packet, "begin", 2)) refuse("begin");
  base_id = (uint32_t)number(packet->fields[1], UINT32_MAX - ID_COUNT);
  while (read_packet(packet) && !is(packet, "prepared", 1)) {
    if (is(packet, "cgroup", 3)) add_hierarchy(packet->fields[1], number(packet->fields[2], 1));
    else if (is(packet, "hosts", 2)) STEP("open hosts file", hosts = open_tree_clone(packet->fields[1]));
    else if (is(packet, "image", 2) && count < 16) STEP("open image", trees[count++] = open_tree_clone(packet->fields[1]));
    else refuse(packet->fields[0]);
  }
  if (!hierarchy_count || hosts < 0 || !count) refuse("incomplete specification");
  make_user_namespace();
  make_world();
  int file = open("/hosts", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  STEP("create hosts file", file);
  close(file);
  STEP("mount hosts file", attach(hosts, "/hosts"));
  STEP("seal hosts file",
       mount(NULL, "/hosts", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
  for (int i = 0; i < count; i++) place_image(trees[i]);
}

static void run(struct packet *packet) {
  prepare(packet);
  while (read_packet(packet) && !is(packet, "end", 1)) {
    if (!strcmp(packet->fields[0], "machine")) {
      launch(packet);
    } else if (is(packet, "mask-folder", 3)) {
      make_folder((int)number(packet->fields[1], (unsigned)image_count - 1), packet->fields[2], 0, true);
    } else if (is(packet, "mask-file", 3)) {
      make_whiteout((int)number(packet->fields[1], (unsigned)image_count - 1), packet->fields[2]);
    } else if (is(packet, "replace-file", 4)) {
      make_file((int)number(packet->fields[1], (unsigned)image_count - 1), packet->fields[2], packet->fields[3], 0600);
    } else {
      refuse(packet->fields[0]);
    }
  }
}

int main(int count, char **arguments) {
  static struct packet packet;
  if (count < 2) return 2;
  title_area = arguments[0];
  title_room = (size_t)(arguments[count - 1] + strlen(arguments[count - 1]) + 1 - arguments[0]);
  signal(SIGPIPE, SIG_IGN);
  // The one who started us waits for this process only; the launcher proper is nobody's child.
  pid_t launcher = fork();
  if (launcher != 0) return launcher < 0;
  setsid();
  umask(0);
  process_ids = mmap(NULL, MAX_MACHINES * sizeof *process_ids, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (process_ids == MAP_FAILED) fail("map memory");
  run(&packet);
  return 0;
}
