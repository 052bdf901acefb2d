import type { Attack } from "../attack.ts";

const attack = (
  id: string,
  title: string,
  rest: Pick<Attack, "javascript" | "python" | "limits" | "ends">,
): Attack => ({ id: `secrets-${id}`, group: "secrets", title, breakout: true, ...rest });

/** Programs that look for what the host knows. */
export const SECRET_ATTACKS: readonly Attack[] = [
  attack("environment", "The environment that it was started with", {
    javascript: `return [{ ...sys.process.env }, read("/proc/self/environ")]`,
    python: `return [dict(os.environ), read("/proc/self/environ"), attempt(lambda: ctypes.string_at(ctypes.cast(libc.environ, ctypes.c_void_p).value or 0)) if False else None]`,
  }),
  attack("parent", "The environment, arguments and memory of its parents", {
    javascript: `return [1, sys.process.ppid, T.hostPid].flatMap((pid) => ["environ", "cmdline", "auxv", "stack", "maps", "cgroup"].map((name) => read("/proc/" + pid + "/" + name)))`,
    python: `return [read("/proc/%d/%s" % (pid, name)) for pid in (1, os.getppid(), T["hostPid"]) for name in ("environ", "cmdline", "auxv", "stack", "maps")]`,
  }),
  attack("canary-arguments", "The environment and arguments of a process of the host", {
    javascript: `return ["environ", "cmdline"].map((name) => read("/proc/" + T.canaryPid + "/" + name))`,
    python: `return [read("/proc/%d/%s" % (T["canaryPid"], name)) for name in ("environ", "cmdline")]`,
  }),
  attack("all-processes", "The arguments of every process in sight", {
    javascript: `return attempt(() => sys.fs.readdirSync("/proc")).filter?.((name) => /^\\d+$/.test(name)).map((pid) => read("/proc/" + pid + "/cmdline").slice(0, 500)) ?? "no /proc"`,
    python: `
      pids = [name for name in attempt(os.listdir, "/proc") if name.isdigit()]
      return [read("/proc/%s/cmdline" % pid)[:500] for pid in pids]`,
  }),
  attack("memory", "The memory of a process of the host, by /proc and by system call", {
    javascript: `const maps = read("/proc/" + T.canaryPid + "/maps"); return attempt(() => { const fd = sys.fs.openSync("/proc/" + T.canaryPid + "/mem", "r"); const from = parseInt(maps.split("-")[0], 16); const b = sys.Buffer.alloc(4096); sys.fs.readSync(fd, b, 0, 4096, from); return { reached: "memory of the host" }; })`,
    python: `
      buffer = ctypes.create_string_buffer(4096)
      local = (ctypes.c_size_t * 2)(ctypes.addressof(buffer), 4096)
      found = []
      for pid in (T["canaryPid"], T["hostPid"], os.getppid(), 1):
          for line in read("/proc/%d/maps" % pid, 4000000).splitlines()[:40] or [""]:
              start = int(line.split("-")[0], 16) if "-" in line.split(" ")[0] else 0x400000
              remote = (ctypes.c_size_t * 2)(start, 4096)
              got = sc("process_vm_readv", pid, local, 1, remote, 1, 0)
              if isinstance(got, int) and got > 0 and pid in (T["canaryPid"], T["hostPid"]): found.append(pid)
          mem = attempt(open, "/proc/%d/mem" % pid, "rb")
          if not isinstance(mem, str) and pid in (T["canaryPid"], T["hostPid"]) and os.path.exists("/proc/%d/maps" % pid) and read("/proc/%d/cmdline" % pid).find("canary") > 0: found.append("mem")
      return on_host(found) if found else "refused"`,
  }),
  attack("mounts", "Paths of the host in the table of mounts", {
    javascript: `const text = read("/proc/self/mountinfo") + read("/proc/mounts") + read("/proc/self/maps"); return [T.home + "/", "/home/", "node_modules"].some((part) => text.includes(part)) ? onHost(text.slice(0, 600)) : "clean"`,
    python: `
      text = read("/proc/self/mountinfo") + read("/proc/mounts")
      return on_host(text[:600]) if any(part in text for part in (T["home"] + "/", "/home/", "node_modules")) else "clean"`,
  }),
  attack("passwords", "Password and key files", {
    javascript: `const found = ["/etc/shadow", "/etc/gshadow", "/etc/ssh/ssh_host_ed25519_key", T.home + "/.ssh/id_rsa", T.home + "/.npmrc", T.home + "/.docker/config.json", T.home + "/.aws/credentials", "/run/secrets/kubernetes.io/serviceaccount/token", "/var/run/secrets/kubernetes.io/serviceaccount/token", T.folder + "/private.txt"].filter((path) => !read(path).startsWith("refused"));
      return found.length > 0 ? { reached: found } : "refused"`,
    python: `
      found = [path for path in ("/etc/shadow", "/etc/gshadow", T["home"] + "/.ssh/id_rsa", T["home"] + "/.npmrc", T["home"] + "/.docker/config.json", "/run/secrets/kubernetes.io/serviceaccount/token", T["folder"] + "/private.txt") if not read(path).startswith("refused")]
      return {"reached": found} if found else "refused"`,
  }),
  attack("home", "What is in the home and the working folder of the host", {
    javascript: `const found = [T.home, "/home", "/srv", "/var/log", "/opt"].filter((path) => { const names = attempt(() => sys.fs.readdirSync(path)); return Array.isArray(names) && names.length > 0; }); return found.includes(T.home) || found.includes("/var/log") ? { reached: found } : found`,
    python: `
      found = [path for path in (T["home"], "/var/log") if isinstance(attempt(os.listdir, path), list) and os.listdir(path)]
      return {"reached": found} if found else "refused"`,
  }),
  attack("host-name", "The name of the host and its users", {
    javascript: `const passwd = read("/etc/passwd"); const name = sys.os.hostname(); const users = passwd.split("\\n").length;
      return name === T.hostname || users > 10 ? { reached: [name === T.hostname ? "its name" : "", users + " users"] } : [name, users]`,
    python: `
      name = socket.gethostname()
      users = len(read("/etc/passwd").splitlines())
      return {"reached": "its name or users"} if name == T["hostname"] or users > 10 else [name, users]`,
  }),
  attack("kernel-log", "The kernel's log, symbols and memory", {
    javascript: `const found = ["/dev/kmsg", "/proc/kmsg", "/proc/kcore", "/dev/mem", "/dev/kmem", "/dev/port", "/sys/kernel/debug", "/sys/kernel/tracing/trace"].filter((path) => attempt(() => { const fd = sys.fs.openSync(path, sys.fs.constants.O_RDONLY | sys.fs.constants.O_NONBLOCK); const b = sys.Buffer.alloc(64); return sys.fs.readSync(fd, b, 0, 64, 0); }) > 0);
      const symbols = read("/proc/kallsyms").split("\\n")[0]; if (/^0*[1-9a-f]/.test(symbols)) found.push("kallsyms");
      return found.length > 0 ? onHost(found) : "refused"`,
    python: `
      found = []
      for path in ("/dev/kmsg", "/proc/kmsg", "/proc/kcore", "/dev/mem", "/dev/kmem", "/dev/port"):
          got = attempt(lambda: os.read(os.open(path, os.O_RDONLY | os.O_NONBLOCK), 64))
          if isinstance(got, bytes) and got: found.append(path)
      return on_host(found) if found else "refused"`,
  }),
  attack("agent-input", "What the host sent for others, in the agent's own memory", {
    javascript: `return Object.keys(sys.process).length && [sys.process.argv, sys.process.execArgv, sys.process.report?.getReport?.().environmentVariables]`,
    python: `
      import gc
      return [str(each)[:300] for each in gc.get_objects() if isinstance(each, (dict, list)) and "canary-" in str(list(each)[:20])[:2000]][:20]`,
  }),
  attack("heap-snapshot", "A snapshot of the whole heap", {
    javascript: `const text = attempt(() => { const file = sys.load("node:v8").writeHeapSnapshot("/tmp/heap-" + T.nonce); const text = sys.fs.readFileSync(file, "latin1"); sys.fs.unlinkSync(file); return text; });
      return typeof text === "string" ? (text.match(/canary-[0-9a-f]{24}/g) ?? []).slice(0, 5) : text`,
    python: `
      found = []
      for line in read("/proc/self/maps", 4000000).splitlines():
          if "rw-p" not in line or "[v" in line: continue
          start, end = (int(part, 16) for part in line.split(" ")[0].split("-"))
          if end - start > 64 << 20: continue
          data = ctypes.string_at(start, end - start)
          at = data.find(b"canary-")
          if at >= 0: found.append(data[at:at + 40].decode("latin1"))
      return found`,
    limits: { wallMs: 8_000, cpuMs: 6_000 },
  }),
  attack("inspector", "The debugger of the process", {
    javascript: `return attempt(() => { sys.load("node:inspector").open(0); return sys.load("node:inspector").url(); })`,
    python: `return [attempt(os.kill, T["hostPid"], signal.SIGUSR1) if False else None, read("/proc/%d/status" % T["hostPid"])[:100]]`,
  }),
  attack("hardware", "Serial numbers and disks of the machine", {
    javascript: `const found = ["/sys/class/dmi/id/product_serial", "/sys/class/dmi/id/product_uuid", "/etc/machine-id", "/sys/firmware/acpi/tables/DSDT", "/proc/device-tree/serial-number"].filter((path) => { const text = read(path); return !text.startsWith("refused") && text.length > 1; }); return found.length > 0 ? onHost(found) : "refused"`,
    python: `
      found = [path for path in ("/sys/class/dmi/id/product_serial", "/sys/class/dmi/id/product_uuid", "/etc/machine-id", "/sys/firmware/acpi/tables/DSDT") if len(read(path)) > 1 and not read(path).startswith("refused")]
      return on_host(found) if found else "refused"`,
  }),
  attack("clock", "Timing fine enough for cache attacks, by a counting thread", {
    javascript: `const { Worker } = sys.load("node:worker_threads"); const shared = new SharedArrayBuffer(4);
      attempt(() => new Worker("const { workerData } = require('worker_threads'); const a = new Int32Array(workerData); for (;;) Atomics.add(a, 0, 1)", { eval: true, workerData: shared }).on("error", () => 0));
      await new Promise((resolve) => setTimeout(resolve, 100)); return "counted " + Atomics.load(new Int32Array(shared), 0)`,
    python: `return time.perf_counter_ns()`,
  }),
];
