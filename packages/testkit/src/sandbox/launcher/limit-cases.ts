import { randomUUID } from "node:crypto";
import { rm, statfs } from "node:fs/promises";
import { expect } from "vitest";
import type { LauncherCase } from "./launcher-case.ts";

const MIB = 1024 * 1024;

/** Goes on where an allocation fails: that may come before whoever watches the memory has looked. */
const ALLOCATE = {
  javascript: `const kept = []; for (;;) try { kept.push(Buffer.alloc(${8 * MIB}, 1)); } catch {}`,
  python: `
kept = []
while True:
    try: kept.append(b"x" * ${8 * MIB})
    except MemoryError: pass`,
};

const SPIN = { javascript: "for (;;);", python: "while True: pass" };

const SPIN_IN_CHILDREN = {
  javascript: `for (let n = 0; n < 2; n++) children.spawn("node", ["-e", "for (;;);"], { stdio: "ignore" });
    await new Promise(() => setInterval(() => {}, 1e6));`,
  python: `
import os, time
for _ in range(4):
    if os.fork() == 0:
        while True: pass
time.sleep(600)`,
};

/** Answers how many processes it could start beside itself. */
const forkBomb = (limit: number) => ({
  javascript: `let started = 0, failure;
    while (failure === undefined && started < ${limit * 2}) {
      await new Promise((resolve) => {
        const child = children.spawn("node", ["-e", "setInterval(() => {}, 1e6)"], { stdio: "ignore" });
        child.on("spawn", () => { started++; resolve(); });
        child.on("error", (error) => { failure = error.code; resolve(); });
      });
    }
    return { started, failure };`,
  python: `
import os, time
started, failure = 0, None
while failure is None and started < ${limit * 4}:
    try:
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
        started += 1
    except OSError as error:
        failure = error.errno
result = {"started": started, "failure": failure}`,
});

const OPEN_FILES = {
  javascript: `const opened = [];
    try { while (opened.length < 100000) opened.push(fs.openSync("/dev/null")); }
    catch (error) { return { opened: opened.length, code: error.code }; }
    finally { opened.forEach((one) => fs.closeSync(one)); }
    return { opened: opened.length };`,
  python: `
import os
opened, code = [], None
try:
    while len(opened) < 100000: opened.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error:
    code = "EMFILE" if error.errno == 24 else error.errno
for one in opened: os.close(one)
result = {"opened": len(opened), "code": code}`,
};

const fillDisk = (path: string, cap: number) => ({
  javascript: `const file = fs.openSync("${path}", "w"), chunk = Buffer.alloc(65536, 1); let bytes = 0;
    try { while (bytes < ${cap}) bytes += fs.writeSync(file, chunk); }
    catch (error) { return { bytes, code: error.code }; }
    return { bytes };`,
  python: `
import errno, os
file, bytes_, code = os.open("${path}", os.O_WRONLY | os.O_CREAT), 0, None
try:
    while bytes_ < ${cap}: bytes_ += os.write(file, b"x" * 65536)
except OSError as error:
    code = errno.errorcode[error.errno]
result = {"bytes": bytes_, "code": code}`,
});

const FILES = 20_000;

const fillInodes = (folder: string) => ({
  javascript: `let made = 0;
    fs.mkdirSync("${folder}");
    try { while (made < ${FILES}) fs.closeSync(fs.openSync("${folder}/" + made++, "w")); }
    catch (error) { return { made, code: error.code }; }
    return { made };`,
  python: `
import os
made = 0
os.mkdir("${folder}")
try:
    while made < ${FILES}:
        os.close(os.open("${folder}/" + str(made), os.O_CREAT | os.O_WRONLY)); made += 1
except OSError: pass
result = {"made": made}`,
});

/** Each limit is reached, and holds. */
export const LAUNCHER_LIMIT_CASES: readonly LauncherCase[] = [
  {
    name: "a guest that allocates without end is ended for its memory",
    sampled: true,
    run: async ({ open, remains, language }) => {
      const guest = await open();
      const { end } = await guest.ask(ALLOCATE[language]);
      expect(end).toMatchObject({ reason: "memory" });
      await guest.channel.kill();
      expect(await remains()).toEqual([]);
    },
  },
  {
    name: "a guest that never stops computing is ended for its CPU time",
    run: async ({ open, shortCpuMs: cpuMs, language }) => {
      const guest = await open({ cpuMs });
      const { end } = await guest.ask(SPIN[language]);
      expect(end).toMatchObject({ reason: "cpu" });
    },
  },
  {
    name: "CPU time of a guest's children counts too",
    sampled: true,
    timeout: 60_000,
    run: async ({ open, shortCpuMs: cpuMs, language }) => {
      // The kernel's own limit, of each process, is the next whole second: the sum is reached before.
      const guest = await open({ cpuMs });
      const { end } = await guest.ask(SPIN_IN_CHILDREN[language]);
      expect(end).toMatchObject({ reason: "cpu" });
    },
  },
  {
    name: "a guest cannot start more processes than it may",
    sampled: true,
    timeout: 60_000,
    run: async ({ open, resources, language }) => {
      const guest = await open();
      const { value, end } = await guest.ask(forkBomb(resources.processes)[language]);
      if (end === undefined) {
        const { started, failure } = value as { started: number; failure: unknown };
        expect(started).toBeLessThanOrEqual(resources.processes);
        expect(failure ?? null).not.toBeNull();
      }
      await guest.channel.kill();
    },
  },
  {
    name: "a guest cannot hold more open files than it may",
    run: async ({ open, resources, language }) => {
      const guest = await open();
      const { value } = await guest.ask(OPEN_FILES[language]);
      const { opened, code } = value as { opened: number; code: string };
      expect(code).toBe("EMFILE");
      expect(opened).toBeLessThanOrEqual(resources.fileHandles);
    },
  },
  {
    name: "a guest cannot write more bytes than its disk has",
    asksWalls: true,
    run: async ({ open, language }) => {
      const guest = await open({ diskBytes: 24 * MIB });
      const path = `/tmp/mcp-optimizer-${randomUUID()}`;
      try {
        const { value } = await guest.ask(fillDisk(path, 64 * MIB)[language]);
        expect(value).toMatchObject({ code: "ENOSPC" });
        const { bytes } = value as { bytes: number };
        expect(bytes).toBeGreaterThan(16 * MIB);
        expect(bytes).toBeLessThanOrEqual(24 * MIB);
      } finally {
        await rm(path, { force: true });
      }
    },
  },
  {
    name: "a guest that makes files without end takes no inodes of the host's disk",
    asksWalls: true,
    timeout: 60_000,
    run: async ({ open, language }) => {
      const folder = `/tmp/mcp-optimizer-${randomUUID()}`;
      const before = await freeInodes();
      const guest = await open();
      try {
        await guest.ask(fillInodes(folder)[language]);
        const after = await freeInodes();
        // Others use these disks too: half of what the guest tried is more than they take meanwhile.
        for (const [index, free] of after.entries()) expect(before[index]! - free).toBeLessThan(FILES / 2);
        await guest.channel.kill();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  },
];

async function freeInodes(): Promise<number[]> {
  return Promise.all(["/", "/tmp", "/dev/shm"].map(async (path) => (await statfs(path)).ffree));
}
