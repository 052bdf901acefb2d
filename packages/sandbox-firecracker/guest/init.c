/*
 * Process 1 of a micro-VM: prepares the machine, starts one agent as an unprivileged user with its standard streams on
 * the channel to the host, and reports its end. It speaks lines with the host on a second stream, the control port:
 *
 *   to the host     started | idle | ok | failed TEXT | end exit|signal N oom N stderr HEX
 *   from the host   clock SECONDS NANOSECONDS | entropy HEX | wake
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/random.h>
#include <linux/vm_sockets.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONFIG "/mcpo.conf"
#define CGROUP "/cgroup/agent"
#define ROOT "/root"
#define IDLE_STEP_MS 50
#define IDLE_STEPS 4
#define IDLE_USEC 5000
#define WAKE_STEP_MS 25
#define UNTOUCHED (640UL << 20)
#define READ_AHEAD 131072
#define STDERR_TAIL 2048
#define MAX_WORDS 64

struct config {
  char *modules[MAX_WORDS], *args[MAX_WORDS], *env[MAX_WORDS], *preloads[MAX_WORDS];
  int module_count, arg_count, env_count, preload_count;
  const char *channel, *drive, *disk, *inodes, *memory, *processes;
  unsigned long handles, uid;
};

static int control = -1;

static void report(const char *format, ...) {
  char line[2 * STDERR_TAIL + 256];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(line, sizeof line - 1, format, values);
  va_end(values);
  if (length < 0) return;
  if ((size_t)length > sizeof line - 2) length = sizeof line - 2;
  line[length++] = '\n';
  int fd = control >= 0 ? control : 2;
  for (int sent = 0; sent < length;) {
    ssize_t n = write(fd, line + sent, length - sent);
    if (n < 0 && errno != EINTR) return;
    if (n > 0) sent += n;
  }
}

static void power_off(void) {
  reboot(RB_AUTOBOOT);
  for (;;) pause();
}

static void fail(const char *what) {
  report("failed %s: %s", what, strerror(errno));
  power_off();
}

static char *add(char **list, int *count, char *value) {
  if (*count >= MAX_WORDS - 1) {
    errno = E2BIG;
    fail(CONFIG);
  }
  list[(*count)++] = value;
  list[*count] = NULL;
  return value;
}

static void read_config(struct config *to) {
  static char text[65536];
  int fd = open(CONFIG, O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(CONFIG);
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0) fail(CONFIG);
  for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
    char *value = strchr(line, '=');
    if (value == NULL) continue;
    *value++ = 0;
    if (!strcmp(line, "module")) add(to->modules, &to->module_count, value);
    else if (!strcmp(line, "arg")) add(to->args, &to->arg_count, value);
    else if (!strcmp(line, "env")) add(to->env, &to->env_count, value);
    else if (!strcmp(line, "preload")) add(to->preloads, &to->preload_count, value);
    else if (!strcmp(line, "channel")) to->channel = value;
    else if (!strcmp(line, "drive")) to->drive = value;
    else if (!strcmp(line, "disk")) to->disk = value;
    else if (!strcmp(line, "inodes")) to->inodes = value;
    else if (!strcmp(line, "memory")) to->memory = value;
    else if (!strcmp(line, "processes")) to->processes = value;
    else if (!strcmp(line, "handles")) to->handles = strtoul(value, NULL, 10);
    else if (!strcmp(line, "uid")) to->uid = strtoul(value, NULL, 10);
  }
  if (!to->arg_count || !to->channel || !to->drive || !to->disk || !to->inodes || !to->memory || !to->processes ||
      !to->handles || !to->uid) {
    errno = EINVAL;
    fail(CONFIG);
  }
}

static void put(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) fail(path);
  close(fd);
}

static void mount_at(const char *from, const char *to, const char *type, unsigned long flags, const char *data) {
  if (mount(from, to, type, flags, data) != 0) fail(to);
}

static void load_modules(const struct config *config) {
  for (int i = 0; i < config->module_count; i++) {
    int fd = open(config->modules[i], O_RDONLY | O_CLOEXEC);
    if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) != 0 && errno != EEXIST)) fail(config->modules[i]);
    close(fd);
  }
}

#include "channel.h"

static void make_device(const char *path, unsigned minor_number) {
  if (mknod(path, S_IFCHR | 0666, makedev(1, minor_number)) != 0) fail(path);
}

static void build_root(const struct config *config) {
  char options[128];
  close(open_soon(config->drive, O_RDONLY));
  mount_at(config->drive, ROOT, "ext4", MS_RDONLY | MS_NODEV | MS_NOSUID, "noload");
  snprintf(options, sizeof options, "size=%s,nr_inodes=%s,mode=1777", config->disk, config->inodes);
  mount_at("tmp", ROOT "/tmp", "tmpfs", MS_NODEV | MS_NOSUID | MS_NOEXEC, options);
  mount_at("proc", ROOT "/proc", "proc", MS_NODEV | MS_NOSUID | MS_NOEXEC, "hidepid=2");
  mount_at("dev", ROOT "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "size=0,nr_inodes=16,mode=755");
  make_device(ROOT "/dev/null", 3);
  make_device(ROOT "/dev/zero", 5);
  make_device(ROOT "/dev/full", 7);
  make_device(ROOT "/dev/random", 8);
  make_device(ROOT "/dev/urandom", 9);
  if (symlink("/proc/self/fd", ROOT "/dev/fd") != 0) fail("/dev/fd");
  mount_at(NULL, ROOT "/dev", NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NOEXEC, NULL);
  mount_at("/guest", ROOT "/guest", NULL, MS_BIND, NULL);
  mount_at(NULL, ROOT "/guest", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NODEV | MS_NOSUID, NULL);
}

static void build_cgroup(const struct config *config) {
  mount_at("cgroup", "/cgroup", "cgroup2", 0, NULL);
  put("/cgroup/cgroup.subtree_control", "+memory +pids +cpu");
  if (mkdir(CGROUP, 0755) != 0) fail(CGROUP);
  put(CGROUP "/memory.max", config->memory);
  put(CGROUP "/memory.oom.group", "1");
  put(CGROUP "/pids.max", config->processes);
}

static void limit(int resource, unsigned long value) {
  struct rlimit both = {value, value};
  if (setrlimit(resource, &both) != 0) fail("setrlimit");
}

/*
 * Programs stay in memory at the machine's expense. At the agent's, the kernel would drop and read them again for ever when
 * the agent nears its limit, instead of ending it.
 */
static void preload(const struct config *config) {
  for (int i = 0; i < config->preload_count; i++) {
    struct stat file;
    int fd = open(config->preloads[i], O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &file) != 0) fail(config->preloads[i]);
    /* The kernel reads only so much at a time. */
    for (off_t at = 0; at < file.st_size; at += READ_AHEAD)
      if (readahead(fd, at, READ_AHEAD) != 0) fail(config->preloads[i]);
    close(fd);
  }
}

static void become_agent(const struct config *config, const int channel[2], int errors) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct none[2] = {0};
  sigset_t nothing;
  int group = open(CGROUP "/cgroup.procs", O_WRONLY | O_CLOEXEC);
  if (group < 0) fail(CGROUP);
  if (chdir(ROOT) != 0 || chroot(".") != 0 || chdir("/tmp") != 0) fail("chroot");
  preload(config);
  if (write(group, "0", 1) < 0) fail(CGROUP);
  setsid();
  sigemptyset(&nothing);
  sigprocmask(SIG_SETMASK, &nothing, NULL);
  umask(022);
  if (dup2(channel[0], 0) != 0 || dup2(channel[1], 1) != 1 || dup2(errors, 2) != 2) fail("dup2");
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_MEMLOCK, 65536);
  limit(RLIMIT_NPROC, strtoul(config->processes, NULL, 10));
  limit(RLIMIT_NOFILE, config->handles);
  /* Memory that a program asks for and never touches costs no memory, but a guest without end. */
  limit(RLIMIT_DATA, strtoul(config->memory, NULL, 10) + UNTOUCHED);
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
    prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  if (setgroups(0, NULL) != 0 || setresgid(config->uid, config->uid, config->uid) != 0 ||
      setresuid(config->uid, config->uid, config->uid) != 0 || syscall(SYS_capset, &header, none) != 0 ||
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    fail("dropping privileges");
  execvpe(config->args[0], config->args, config->env);
  dprintf(2, "%s: %s", config->args[0], strerror(errno));
  _exit(127);
}

static unsigned long read_number(const char *path, const char *key) {
  char text[1024];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
  if (fd >= 0) close(fd);
  text[length > 0 ? length : 0] = 0;
  char *found = strstr(text, key);
  return found == NULL ? 0 : strtoul(found + strlen(key), NULL, 10);
}

/* Without this, guests that start from one memory image would draw the same random numbers. */
static int add_entropy(const char *hex) {
  static struct {
    struct rand_pool_info info;
    unsigned char bytes[64];
  } pool;
  int size = 0;
  unsigned value;
  for (; size < (int)sizeof pool.bytes && sscanf(hex + 2 * size, "%2x", &value) == 1; size++) pool.bytes[size] = value;
  memcpy(pool.info.buf, pool.bytes, size);
  pool.info.buf_size = size;
  pool.info.entropy_count = size * 8;
  int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);
  int result = fd < 0 || ioctl(fd, RNDADDENTROPY, &pool) != 0 || ioctl(fd, RNDRESEEDCRNG) != 0 ? -1 : 0;
  close(fd);
  return result;
}

/* Returns whether the host has woken the agent, which may prepare itself until it is idle again. */
static int obey(const char *line) {
  struct timespec now;
  if (sscanf(line, "clock %ld %ld", &now.tv_sec, &now.tv_nsec) == 2) {
    if (clock_settime(CLOCK_REALTIME, &now) != 0) fail("clock");
  } else if (!strncmp(line, "entropy ", 8)) {
    if (add_entropy(line + 8) != 0) fail("entropy");
  } else if (!strcmp(line, "wake")) {
    return 1;
  } else {
    errno = EINVAL;
    fail("command");
  }
  report("ok");
  return 0;
}

static void keep_tail(char *tail, size_t *kept, int from) {
  char chunk[4096];
  ssize_t length = read(from, chunk, sizeof chunk);
  if (length <= 0) return;
  const char *start = chunk;
  if (length > STDERR_TAIL) {
    start += length - STDERR_TAIL;
    length = STDERR_TAIL;
  }
  size_t over = *kept + length > STDERR_TAIL ? *kept + length - STDERR_TAIL : 0;
  memmove(tail, tail + over, *kept - over);
  memcpy(tail + *kept - over, start, length);
  *kept += length - over;
}

static void report_end(int status, const char *tail, size_t kept) {
  static char hex[2 * STDERR_TAIL + 1];
  for (size_t i = 0; i < kept; i++) sprintf(hex + 2 * i, "%02x", (unsigned char)tail[i]);
  hex[2 * kept] = 0;
  report("end %s %d oom %lu stderr %s", WIFSIGNALED(status) ? "signal" : "exit",
         WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), read_number(CGROUP "/memory.events", "oom_kill "), hex);
}

/* Serves the host and reaps orphans until the agent has ended. */
static void watch(pid_t agent, int signals, int errors) {
  static char tail[STDERR_TAIL], input[512];
  size_t kept = 0, filled = 0;
  unsigned long used = 0;
  int quiet = 0, step = IDLE_STEP_MS;
  report("started");
  for (;;) {
    struct pollfd fds[] = {{signals, POLLIN, 0}, {control, POLLIN, 0}, {errors, POLLIN, 0}};
    if (poll(fds, 3, quiet < IDLE_STEPS ? step : -1) == 0) {
      unsigned long now = read_number(CGROUP "/cpu.stat", "usage_usec ");
      quiet = now > 0 && now - used < IDLE_USEC ? quiet + 1 : 0;
      used = now;
      if (quiet == IDLE_STEPS) report("idle");
      continue;
    }
    if (fds[2].revents & POLLIN) keep_tail(tail, &kept, errors);
    else if (fds[2].revents) errors = -1;
    if (fds[0].revents & POLLIN) {
      struct signalfd_siginfo info;
      if (read(signals, &info, sizeof info) < 0) fail("signals");
      int status;
      for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (pid != agent) continue;
        struct pollfd rest = {errors, POLLIN, 0};
        while (errors >= 0 && poll(&rest, 1, 0) > 0 && (rest.revents & POLLIN)) keep_tail(tail, &kept, errors);
        report_end(status, tail, kept);
        power_off();
      }
    }
    if (fds[1].revents & POLLIN) {
      ssize_t length = read(control, input + filled, sizeof input - filled);
      if (length <= 0) continue;
      filled += length;
      for (char *end; (end = memchr(input, '\n', filled)) != NULL;) {
        *end = 0;
        if (obey(input)) {
          quiet = 0;
          step = WAKE_STEP_MS;
        }
        filled -= end + 1 - input;
        memmove(input, end + 1, filled);
      }
    } else if (fds[1].revents & (POLLHUP | POLLERR)) {
      power_off();
    }
  }
}

int main(void) {
  static struct config config;
  int errors[2], channel[2];
  sigset_t children;
  umask(0);
  mount("dev", "/dev", "devtmpfs", 0, NULL);
  mount_at("proc", "/proc", "proc", 0, NULL);
  read_config(&config);
  load_modules(&config);
  open_channel(&config, channel);
  put("/proc/sys/user/max_user_namespaces", "0");
  build_root(&config);
  build_cgroup(&config);
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, NULL);
  int signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0 || pipe2(errors, O_CLOEXEC) != 0) fail("signals");
  pid_t agent = fork();
  if (agent < 0) fail("fork");
  if (agent == 0) become_agent(&config, channel, errors[1]);
  close(channel[0]);
  if (channel[1] != channel[0]) close(channel[1]);
  close(errors[1]);
  watch(agent, signals, errors[0]);
}
