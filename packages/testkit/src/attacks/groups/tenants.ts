import type { Attack } from "../attack.ts";

const attack = (
  id: string,
  title: string,
  rest: Pick<Attack, "javascript" | "python" | "breakout" | "limits">,
): Attack => ({ id: `secrets-tenant-${id}`, group: "secrets", title, ...rest });

/** Programs that look for a guest of another tenant that runs at the same time. */
export const TENANT_ATTACKS: readonly Attack[] = [
  attack("globals", "Globals and prototypes that another tenant's program set", {
    javascript: `globalThis.left = Object.prototype.left = Array.prototype.left = "left behind";
      return [globalThis.victim, ({}).victim, Reflect.ownKeys(globalThis).map(String).filter((key) => /victim/.test(key))]`,
    python: `
      import builtins
      builtins.left = "left behind"
      return [getattr(builtins, "victim", None), [name for name in sys.modules if "victim" in name]]`,
  }),
  attack("left-globals", "Globals and files that an earlier run of the same tenant left", {
    javascript: `return globalThis.left !== undefined || ({}).left !== undefined ? { reached: "an earlier run" } : "fresh"`,
    python: `
      import builtins
      return {"reached": "an earlier run"} if hasattr(builtins, "left") or hasattr(sys, "left") else "fresh"`,
  }),
  attack("files", "Temporary files of another tenant", {
    breakout: true,
    javascript: `const found = []; const look = (folder, depth) => { for (const name of attempt(() => sys.fs.readdirSync(folder)) ?? []) { if (name === T.victim) found.push(read(folder + "/" + name)); else if (depth > 0 && name.startsWith("mcp-optimizer-")) { look(folder + "/" + name, depth - 1); look(folder + "/" + name + "/tmp", depth - 1); } } };
      for (const folder of ["/tmp", sys.os.tmpdir(), "/dev/shm", ".", "/var/tmp"]) if (Array.isArray(attempt(() => sys.fs.readdirSync(folder)))) look(folder, 2);
      return found`,
    python: `
      found = []
      for folder in ("/tmp", "/dev/shm", "/var/tmp", "."):
          for path, _, names in os.walk(folder):
              if path.count("/") > 4: continue
              for name in names:
                  if name == T["victim"]: found.append(read(path + "/" + name))
      return found`,
  }),
  attack("host-memory", "The host's shared memory", {
    breakout: true,
    javascript: `return read(T.shmPath)`,
    python: `
      import mmap
      return read(T["shmPath"])`,
  }),
  attack("sockets", "An abstract socket of another tenant", {
    breakout: true,
    javascript: `return settled((done) => { const socket = sys.net.connect("\\0" + T.victim); socket.on("data", (data) => done(String(data))); socket.on("error", (error) => done("refused: " + error.code)); })`,
    python: `
      def go():
          with socket.socket(socket.AF_UNIX) as s:
              s.settimeout(1)
              s.connect("\\0" + T["victim"])
              return s.recv(100).decode()
      return attempt(go)`,
  }),
  attack("processes", "Processes of another tenant: environment, memory, signals", {
    breakout: true,
    javascript: `const own = sys.process.pid; const pids = (attempt(() => sys.fs.readdirSync("/proc")).filter?.((name) => /^\\d+$/.test(name)) ?? []).map(Number);
      const other = pids.filter((pid) => pid !== own && /agent/.test(read("/proc/" + pid + "/cmdline")));
      return other.map((pid) => [read("/proc/" + pid + "/environ"), read("/proc/" + pid + "/maps").slice(0, 100), attempt(() => sys.process.kill(pid, "SIGKILL"))])`,
    python: `
      others = [int(name) for name in attempt(os.listdir, "/proc") if name.isdigit() and int(name) != os.getpid() and "agent" in read("/proc/%s/cmdline" % name)]
      return [[read("/proc/%d/environ" % pid), attempt(os.kill, pid, 9), sc("ptrace", 16, pid, 0, 0)] for pid in others]`,
  }),
  attack("system-v", "System V shared memory, semaphores and queues of others", {
    python: `
      found = []
      for index in range(64):
          made = sc("shmget", 0x4d435000 + index, 0, 0)
          if isinstance(made, int): found.append(made)
      tables = [read("/proc/sysvipc/" + name) for name in ("shm", "sem", "msg")]
      return [found, tables]`,
  }),
  attack("collisions", "Names that two tenants both use", {
    breakout: true,
    javascript: `const path = "/tmp/" + T.victim; const before = read(path); write(path, "overwritten by another tenant"); return before`,
    python: `
      path = "/tmp/" + T["victim"]
      before = read(path)
      write(path, "overwritten by another tenant")
      return before`,
  }),
];
