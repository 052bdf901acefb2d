import type { Attack, AttackEnd } from "../attack.ts";

const ENDS: readonly AttackEnd[] = [
  "value",
  "program_failed",
  "memory_limit",
  "sandbox_violation",
  "timeout",
  "cpu_limit",
];
const MIB = 1024 * 1024;

const attack = (
  id: string,
  title: string,
  rest: Pick<Attack, "javascript" | "python" | "limits" | "ends" | "reached">,
): Attack => ({ id: `files-${id}`, group: "files", title, breakout: true, ends: ENDS, ...rest });

/** Programs that use up what the host has for files. */
export const FILE_LIMIT_ATTACKS: readonly Attack[] = [
  attack("disk-fill", "More bytes than it may write", {
    javascript: `const data = sys.Buffer.alloc(1 << 20, 1); let written = 0;
      const path = "/tmp/fill-" + T.nonce; const files = [];
      const why = attempt(() => { for (let i = 0; i < 12; i++) { files.push(path + i); for (let j = 0; j < 2; j++) { sys.fs.appendFileSync(path + i, data); written++; } } });
      for (const file of files) attempt(() => sys.fs.unlinkSync(file));
      return written > 16 ? { reached: written + " MiB of 8" } : [written, why]`,
    python: `
      written = 0
      files = []
      try:
          for i in range(12):
              files.append("/tmp/fill-%s%d" % (T["nonce"], i))
              with open(files[-1], "ab", buffering=0) as file:
                  for _ in range(2): written += file.write(b"x" * ${MIB})
      except OSError: pass
      for file in files: attempt(os.unlink, file)
      return {"reached": "%d bytes" % written} if written > 16 * ${MIB} else written`,
  }),
  attack("sparse", "A file that says it has a terabyte", {
    javascript: `const path = "/tmp/sparse-" + T.nonce; const fd = attempt(() => sys.fs.openSync(path, "w"));
      const done = attempt(() => { sys.fs.ftruncateSync(fd, 2 ** 40); return "grew"; }); attempt(() => sys.fs.unlinkSync(path)); return done`,
    python: `
      path = "/tmp/sparse-" + T["nonce"]
      def go():
          with open(path, "wb") as file:
              file.truncate(1 << 40)
              return os.posix_fallocate(file.fileno(), 0, 1 << 34)
      done = attempt(go)
      attempt(os.unlink, path)
      return {"reached": "16 GiB"} if done is None else done`,
  }),
  attack("inode-fill", "More files than there is room for", {
    javascript: `const folder = "/tmp/many-" + T.nonce; let made = 0; attempt(() => sys.fs.mkdirSync(folder));
      const why = attempt(() => { for (; made < 20_000; made++) sys.fs.closeSync(sys.fs.openSync(folder + "/" + made, "w")); });
      attempt(() => sys.fs.rmSync(folder, { recursive: true })); return [made, why]`,
    python: `
      import shutil
      folder = "/tmp/many-" + T["nonce"]
      attempt(os.mkdir, folder)
      made = 0
      try:
          for made in range(20000): os.close(os.open("%s/%d" % (folder, made), os.O_CREAT | os.O_WRONLY))
      except OSError: pass
      attempt(shutil.rmtree, folder)
      return made`,
    limits: { wallMs: 5_000 },
  }),
  attack("descriptors", "More open files than it may have", {
    javascript: `let open = 0; const fds = []; const why = attempt(() => { for (; open < 5_000; open++) fds.push(sys.fs.openSync("/dev/null", "r")); });
      for (const fd of fds) sys.fs.closeSync(fd);
      return open > 100 ? { reached: open + " files of 100" } : [open, why]`,
    python: `
      fds = []
      try:
          while len(fds) < 5000: fds.append(os.open("/dev/null", os.O_RDONLY))
      except OSError: pass
      count = len(fds)
      for fd in fds: os.close(fd)
      return {"reached": "%d files of 100" % count} if count > 100 else count`,
  }),
  attack("pipes", "Pipes full of the kernel's memory", {
    python: `
      count = 0
      import fcntl
      try:
          while count < 3000:
              inner, outer = os.pipe2(os.O_NONBLOCK)
              attempt(fcntl.fcntl, outer, 1031, 1 << 20)
              attempt(os.write, outer, b"x" * (1 << 20))
              count += 1
      except OSError: pass
      return {"reached": "%d pipes" % count} if count > 50 else count`,
  }),
  attack("long-names", "Names that are too long, empty, or no text", {
    javascript: `return ["x".repeat(300), "y/".repeat(3000), "\\u0000", "a\\nb\\u001b[31m", "\\ud800", "..", ""].map((name) => { const path = "/tmp/" + name; const done = write(path, "x"); attempt(() => sys.fs.unlinkSync(path)); return done; })`,
    python: `
      done = []
      for name in (b"x" * 300, b"y/" * 3000, b"\\xff\\xfe", b"a\\nb\\x1b[31m", b".."):
          path = b"/tmp/" + name
          done.append(attempt(lambda: os.close(os.open(path, os.O_CREAT | os.O_WRONLY))))
          attempt(os.unlink, path)
      return done`,
  }),
  attack("deep-folders", "Folders within folders", {
    javascript: `const start = "/tmp/deep-" + T.nonce; let path = start; let depth = 0; attempt(() => { for (; depth < 400; depth++) { sys.fs.mkdirSync(path); path += "/d"; } });
      attempt(() => sys.fs.rmSync(start, { recursive: true })); return depth`,
    python: `
      import shutil
      start = "/tmp/deep-" + T["nonce"]
      depth = 0
      home = os.getcwd()
      try:
          os.mkdir(start)
          os.chdir(start)
          for depth in range(400):
              os.mkdir("d")
              os.chdir("d")
      except OSError: pass
      attempt(os.chdir, home)
      attempt(shutil.rmtree, start)
      return depth`,
  }),
  attack("watches", "Watches and locks that are counted for each user of the machine", {
    javascript: `let count = 0; const why = attempt(() => { for (; count < 300; count++) sys.fs.watch("/tmp").on("error", () => 0); }); return count > 150 ? onHost(count + " watches") : [count, why]`,
    python: `
      count = 0
      while count < 2000 and isinstance(sc("inotify_init1", 0), int): count += 1
      return on_host("%d watchers" % count) if count > 128 else count`,
  }),
  attack("shared-memory", "Shared memory that outlives the guest", {
    javascript: `return write("/dev/shm/" + T.nonce, "x".repeat(1 << 20))`,
    python: `
      made = sc("shmget", 0x4d435030, 1 << 20, 0o1666)
      return [made, write("/dev/shm/" + T["nonce"], "x")]`,
  }),
];
