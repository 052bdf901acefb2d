import type { Attack, AttackEnd } from "../attack.ts";

const ENDED: readonly AttackEnd[] = [
  "sandbox_violation",
  "value",
  "program_failed",
  "timeout",
  "memory_limit",
  "cpu_limit",
];
const SLEEPER = "setInterval(() => 0, 1000)";

const attack = (
  id: string,
  title: string,
  rest: Pick<Attack, "javascript" | "python" | "ends" | "limits">,
): Attack => ({
  id: `processes-${id}`,
  group: "processes",
  title,
  breakout: true,
  ends: ENDED,
  limits: { wallMs: 2_500 },
  ...rest,
});

/** Programs that start, signal and outlive processes. */
export const PROCESS_ATTACKS: readonly Attack[] = [
  attack("fork-bomb", "Processes that start processes", {
    javascript: `const bomb = "const f = () => { for (let i = 0; i < 3; i++) try { require('child_process').spawn(process.execPath, ['-e', process.env.BOMB, process.argv[1]], { stdio: 'ignore', detached: true }).on('error', () => 0) } catch {} }; f(); setTimeout(f, 200)";
      sys.process.env.BOMB = bomb;
      attempt(() => sys.cp.spawn(sys.process.execPath, ["-e", bomb, T.nonce], { stdio: "ignore" }).on("error", () => 0));
      await new Promise((resolve) => setTimeout(resolve, 900)); return "over"`,
    python: `
      started = time.monotonic()
      while time.monotonic() - started < 0.5:
          try: os.fork()
          except OSError: time.sleep(0.01)
      time.sleep(60)`,
  }),
  attack("count", "More processes than it may have, counted", {
    javascript: `let started = 0;
      for (let i = 0; i < 80; i++) attempt(() => { const child = sys.cp.spawn(sys.process.execPath, ["-e", "${SLEEPER}", T.nonce], { stdio: "ignore" }); child.on("error", () => 0); if (child.pid) started++; });
      return started > 50 ? { reached: started + " processes" } : started`,
    python: `
      started = 0
      for _ in range(120):
          try: pid = os.fork()
          except OSError: break
          if pid == 0:
              time.sleep(60)
              os._exit(0)
          started += 1
      return {"reached": "%d processes" % started} if started > 50 else started`,
  }),
  attack("thread-bomb", "Threads until there are no more", {
    javascript: `const { Worker } = sys.load("node:worker_threads"); let n = 0;
      for (; n < 60; n++) if (typeof attempt(() => new Worker("setInterval(() => 0, 1000)", { eval: true }).on("error", () => 0)) === "string") break;
      return n`,
    python: `
      count = 0
      try:
          for count in range(3000): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
      except RuntimeError: pass
      return {"reached": "%d threads" % count} if count > 2000 else count`,
  }),
  attack("daemon", "A child in a session of its own that outlives the program", {
    javascript: `attempt(() => sys.cp.spawn(sys.process.execPath, ["-e", "process.on('SIGTERM', () => 0); process.on('SIGHUP', () => 0); ${SLEEPER}", T.nonce], { stdio: "ignore", detached: true }).on("error", () => 0).unref());
      return "left"`,
    python: `
      if os.fork() == 0:
          os.setsid()
          if os.fork() == 0:
              libc.prctl(1, 0)
              attempt(os.execv, sys.executable, [sys.executable, "-c", "import time, signal; signal.signal(15, signal.SIG_IGN); time.sleep(600)", T["nonce"]])
          os._exit(0)
      time.sleep(0.2)
      return "left"`,
  }),
  attack("running-away", "A chain of processes, each of which starts the next and ends", {
    javascript: `const next = "const { spawn } = require('child_process'); if (Date.now() < +process.argv[2]) spawn(process.execPath, ['-e', process.env.NEXT, process.argv[1], process.argv[2]], { stdio: 'ignore', detached: true, env: process.env }).unref()";
      sys.process.env.NEXT = next;
      attempt(() => sys.cp.spawn(sys.process.execPath, ["-e", next, T.nonce, String(Date.now() + 20000)], { stdio: "ignore", detached: true }).on("error", () => 0).unref());
      await new Promise((resolve) => setTimeout(resolve, 300)); return "left"`,
    python: `
      if os.fork() == 0:
          end = time.monotonic() + 20
          os.setsid()
          while time.monotonic() < end:
              try:
                  if os.fork() != 0: os._exit(0)
              except OSError: pass
              time.sleep(0.002)
          os._exit(0)
      time.sleep(0.2)
      return "left"`,
  }),
  attack("holds-output", "A child that keeps the guest's stream open", {
    javascript: `attempt(() => sys.cp.spawn(sys.process.execPath, ["-e", "${SLEEPER}", T.nonce], { stdio: [0, 1, 2], detached: true }).on("error", () => 0).unref());
      sys.process.reallyExit(0)`,
    python: `
      if os.fork() == 0:
          os.setsid()
          time.sleep(600)
      os._exit(0)`,
  }),
  attack("ignores-signals", "A process that ignores every signal it can", {
    javascript: `for (const name of Object.keys(sys.os.constants.signals)) attempt(() => sys.process.on(name, () => 0));
      for (;;) {}`,
    python: `
      for number in range(1, 65): attempt(signal.signal, number, signal.SIG_IGN)
      while True: pass`,
    limits: { cpuMs: 250, wallMs: 2_500 },
    ends: ["cpu_limit", "timeout"],
  }),
  attack("kill-all", "SIGKILL to every process there is", {
    javascript: `attempt(() => sys.process.kill(1, "SIGKILL"));
      if (T.mayKillAll) attempt(() => sys.process.kill(-1, "SIGKILL")); return "alive"`,
    python: `
      attempt(os.kill, 1, 9)
      if T["mayKillAll"]: attempt(os.kill, -1, 9)
      return "alive"`,
  }),
  attack("kill-host", "SIGKILL to processes of the host by their number", {
    javascript: `return [T.canaryPid, -T.canaryPid].map((pid) => attempt(() => sys.process.kill(pid, "SIGKILL")))`,
    python: `return [attempt(os.kill, T["canaryPid"], 9), attempt(os.killpg, T["canaryPid"], 9), sc("pidfd_open", T["canaryPid"], 0)]`,
  }),
  attack("stop-host", "SIGSTOP to the host and to the parent", {
    javascript: `return [sys.process.kill && attempt(() => sys.process.kill(T.canaryPid, "SIGSTOP")), attempt(() => sys.process.kill(T.canaryPid, "SIGTERM"))]`,
    python: `return [attempt(os.kill, T["canaryPid"], signal.SIGSTOP), attempt(os.kill, T["canaryPid"], 15)]`,
  }),
  attack("stops-itself", "A guest that stops itself and goes on for ever", {
    javascript: `sys.process.kill(sys.process.pid, "SIGSTOP"); for (;;) {}`,
    python: `
      os.kill(os.getpid(), signal.SIGSTOP)
      while True: pass`,
    limits: { cpuMs: 250, wallMs: 1_000 },
    ends: ["timeout", "cpu_limit"],
  }),
  attack("kills-itself", "SIGKILL to itself, as if somebody outside had done it", {
    javascript: `attempt(() => sys.process.kill(1, "SIGKILL")); sys.process.kill(sys.process.pid, "SIGKILL"); return "alive"`,
    python: `
      attempt(os.kill, 1, 9)
      os.kill(os.getpid(), 9)
      return "alive"`,
  }),
  attack("zombies", "Children that nobody waits for", {
    javascript: `for (let i = 0; i < 30; i++) attempt(() => sys.cp.spawn("/nothing/here").on("error", () => 0)); return "left"`,
    python: `
      for _ in range(200):
          try:
              if os.fork() == 0: os._exit(0)
          except OSError: break
      return "left"`,
  }),
  attack("replaced", "The agent is replaced by another program", {
    javascript: `attempt(() => sys.process.execve(sys.process.execPath, [sys.process.execPath, "-e", "${SLEEPER}", T.nonce], {})); return "still here"`,
    python: `os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", T["nonce"]])`,
    limits: { wallMs: 1_500 },
  }),
  attack("raises-limits", "It raises its own limits", {
    javascript: `const found = spawn("/bin/sh", "-c", "ulimit -n 5000 && ulimit -u 5000 && ulimit -c unlimited && ulimit -n");
      return found.status === 0 ? { reached: "its limits were raised" } : found`,
    python: `
      import resource
      raised = []
      for name in ("RLIMIT_NOFILE", "RLIMIT_CPU", "RLIMIT_CORE"):
          limit = getattr(resource, name)
          hard = resource.getrlimit(limit)[1]
          if hard == -1: continue
          try:
              resource.setrlimit(limit, (hard + 1, hard + 1))
              raised.append(name)
          except (ValueError, OSError): pass
      return {"reached": raised} if raised else "kept"`,
  }),
  attack("priority", "It takes the processor before all others", {
    javascript: `attempt(() => sys.os.setPriority(0, -20)); return sys.os.getPriority() < 0 ? onHost("priority " + sys.os.getPriority()) : "kept"`,
    python: `
      attempt(os.nice, -20)
      attempt(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(99))
      policy = attempt(os.sched_getscheduler, 0)
      return on_host("real time") if policy == os.SCHED_FIFO and os.getpriority(0, 0) < 0 else "kept"`,
  }),
  attack("oom-score", "It asks to be spared when memory runs out", {
    javascript: `write("/proc/self/oom_score_adj", "-1000"); const score = read("/proc/self/oom_score_adj").trim(); return Number(score) < 0 ? onHost(score) : score`,
    python: `
      write("/proc/self/oom_score_adj", "-1000")
      score = read("/proc/self/oom_score_adj").strip()
      return on_host(score) if score.startswith("-") else score`,
  }),
  attack("core-dump", "A crash that leaves its memory behind", {
    javascript: `sys.process.abort()`,
    python: `
      import resource
      attempt(os.chdir, "/tmp")
      attempt(resource.setrlimit, resource.RLIMIT_CORE, (1 << 20, 1 << 20))
      os.abort()`,
    ends: ["sandbox_violation"],
  }),
  attack("exits", "The program ends its guest with a code that looks well", {
    javascript: `sys.process.exitCode = 0; sys.process.reallyExit(0)`,
    python: `os._exit(0)`,
    ends: ["sandbox_violation"],
  }),
];
