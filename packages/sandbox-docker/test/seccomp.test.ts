import { createDockerEngine } from "@mcp-optimizer/docker-engine";
import { DEFAULT_GUEST_RESOURCES } from "@mcp-optimizer/sandbox-guest";
import { EVAL_AGENTS, openEvalGuest } from "@mcp-optimizer/testkit";
import { afterAll, describe, expect, test } from "vitest";
import { createDockerLauncher, seccompProfile } from "../src/index.ts";
import { sharedDockerd } from "./shared-dockerd.ts";

const dockerd =
  process.arch === "x64"
    ? await sharedDockerd()
    : { service: undefined, reason: "the numbers are those of x64" };

const EPERM = 1;
const EACCES = 13;
const ENOSYS = 38;

/** Number on x64, by name. All arguments are zero, and so wrong: any answer but the filter's shows that the kernel was reached. */
const REFUSED: Readonly<Record<string, number>> = {
  ptrace: 101,
  syslog: 103,
  modify_ldt: 154,
  pivot_root: 155,
  chroot: 161,
  mount: 165,
  init_module: 175,
  io_setup: 206,
  kexec_load: 246,
  add_key: 248,
  keyctl: 250,
  inotify_init: 253,
  unshare: 272,
  perf_event_open: 298,
  fanotify_init: 300,
  open_by_handle_at: 304,
  setns: 308,
  process_vm_readv: 310,
  kcmp: 312,
  finit_module: 313,
  seccomp: 317,
  bpf: 321,
  userfaultfd: 323,
  io_uring_setup: 425,
  open_tree: 428,
  fsopen: 430,
  pidfd_getfd: 438,
  memfd_secret: 447,
};

describe.skipIf(dockerd.reason !== undefined)(`docker ${dockerd.reason ?? ""}`, () => {
  const engine = createDockerEngine({ socketPath: dockerd.service?.socketPath ?? "" });
  const launcher = createDockerLauncher({ engine });
  afterAll(() => launcher.dispose());

  test("the filter refuses what the kernel would look at", async () => {
    const channel = await launcher.launch(EVAL_AGENTS.python, DEFAULT_GUEST_RESOURCES);
    const guest = await openEvalGuest(channel);
    const source = `import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def errno_of(number):
    ctypes.set_errno(0)
    libc.syscall(number, 0, 0, 0, 0, 0, 0)
    return ctypes.get_errno()
result = {name: errno_of(number) for name, number in ${JSON.stringify({ ...REFUSED, clone3: 435, socket: 41 })}.items()}`;
    expect((await guest.ask(source)).value).toEqual({
      ...Object.fromEntries(Object.keys(REFUSED).map((name) => [name, EPERM])),
      clone3: ENOSYS,
      socket: EACCES,
    });
    await channel.kill();
  });

  test("no new namespace by clone, and a 32-bit call ends its process", async () => {
    const channel = await launcher.launch(EVAL_AGENTS.python, DEFAULT_GUEST_RESOURCES);
    const guest = await openEvalGuest(channel);
    const source = `import ctypes, mmap, os
libc = ctypes.CDLL(None, use_errno=True)
refused = [flag for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
  if libc.syscall(56, flag | 17, 0, 0, 0, 0) == -1 and ctypes.get_errno() == 1]
child = os.fork()
if child == 0:
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex("b814000000cd80c3")) # mov eax, getpid; int 0x80; ret
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
    os._exit(0)
result = [len(refused), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])]`;
    expect(await guest.ask(source)).toEqual({ value: [7, -31] });
    await channel.kill();
  });
});

test("there is a profile for both architectures that Node is built for here, and none for others", () => {
  for (const architecture of ["x64", "arm64"]) {
    const allowed = seccompProfile(architecture)!.syscalls.filter(
      ({ action }) => action === "SCMP_ACT_ALLOW",
    );
    const names = allowed.flatMap((rule) => rule.names);
    for (const name of [...Object.keys(REFUSED), "socket", "clone3", "setuid", "sync"])
      expect(names).not.toContain(name);
    expect(new Set(names).size).toBe(names.length);
  }
  expect(seccompProfile("ia32")).toBeUndefined();
});
