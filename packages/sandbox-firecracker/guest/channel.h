/* How process 1 reaches the host: ports of a virtio console, or vsock. Part of init.c, whose configuration and failures it shares. */
#define CONTROL_PORT 1
#define INPUT_PORT 2
#define OUTPUT_PORT 3
#define AGENT_PORT 2
#define VSOCK_BASE 1024
#define DEVICE_WAIT_MS 10000

/* Devices appear some time after their driver is loaded. */
static int open_soon(const char *path, int flags) {
  for (int waited = 0;; waited++) {
    int fd = open(path, flags | O_CLOEXEC);
    if (fd >= 0) return fd;
    if (waited >= DEVICE_WAIT_MS) fail(path);
    usleep(1000);
  }
}

/* Until the host's end is known to be there, a port reads as ended. */
static void wait_for_host(int port, const char *path) {
  for (int waited = 0; waited < DEVICE_WAIT_MS; waited++) {
    struct pollfd state = {port, POLLIN, 0};
    if (poll(&state, 1, 0) >= 0 && !(state.revents & (POLLHUP | POLLERR))) return;
    usleep(1000);
  }
  errno = ENOTCONN;
  fail(path);
}

/* The first number is the device's place on the virtio bus. */
static int open_port(unsigned port) {
  char path[32];
  for (int waited = 0; waited < DEVICE_WAIT_MS; waited++) {
    for (int device = 0; device < 8; device++) {
      snprintf(path, sizeof path, "/dev/vport%dp%u", device, port);
      int fd = open(path, O_RDWR | O_CLOEXEC);
      if (fd < 0) continue;
      wait_for_host(fd, path);
      return fd;
    }
    usleep(1000);
  }
  fail(path);
  return -1;
}

static int listen_vsock(unsigned port) {
  struct sockaddr_vm address = {.svm_family = AF_VSOCK, .svm_port = port, .svm_cid = VMADDR_CID_ANY};
  int fd = socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0) fail("vsock");
  return fd;
}

/*
 * Gives the agent a pipe for its input. A runtime reads a device in small pieces on a helper thread, and cannot end while
 * that thread waits; a pipe it can watch.
 */
static int relay_input(int port) {
  static char chunk[65536];
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
  pid_t relay = fork();
  if (relay < 0) fail("fork");
  if (relay > 0) {
    close(port);
    close(ends[1]);
    return ends[0];
  }
  close(control);
  close(ends[0]);
  for (ssize_t length; (length = read(port, chunk, sizeof chunk)) > 0;)
    for (ssize_t sent = 0, n; sent < length; sent += n)
      if ((n = write(ends[1], chunk + sent, length - sent)) < 0) _exit(0);
  _exit(0);
}

static void open_channel(const struct config *config, int channel[2]) {
  if (!strcmp(config->channel, "vsock")) {
    int control_listener = listen_vsock(VSOCK_BASE + CONTROL_PORT), agent_listener = listen_vsock(VSOCK_BASE + AGENT_PORT);
    int accepted = accept4(control_listener, NULL, NULL, SOCK_CLOEXEC);
    if (accepted < 0) fail("control connection");
    control = accepted;
    channel[0] = channel[1] = accept4(agent_listener, NULL, NULL, SOCK_CLOEXEC);
    if (channel[0] < 0) fail("agent connection");
    /* One connection each: nobody else gets in. */
    close(control_listener);
    close(agent_listener);
    return;
  }
  control = open_port(CONTROL_PORT);
  channel[0] = relay_input(open_port(INPUT_PORT));
  channel[1] = open_port(OUTPUT_PORT);
}
