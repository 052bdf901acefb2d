import { expect, test } from "vitest";
import { qemuArguments } from "../../src/qemu/qemu-arguments.ts";

const SPEC = {
  id: "m-1",
  folder: "/f",
  kernel: "/k",
  initrd: "/i",
  drive: "/a,b/root",
  memoryMib: 512,
  user: undefined,
  openReadOnly: "/l",
};

test("a machine is emulated, without network or anything that it could write to", () => {
  for (const kind of ["private", "template", "copy"] as const) {
    const args = qemuArguments(SPEC, kind === "private" ? { kind } : { kind, file: "/mem,ory" });
    const text = args.join(" ");
    expect(text).not.toMatch(/kvm|netdev|hostfwd|virtfs|usb/);
    expect(text).toContain("-accel tcg");
    expect(text).toContain("-nic none");
    expect(text).toContain("-nodefaults");
    expect(args.filter((word) => word.startsWith("if="))).toEqual([
      "if=none,id=root,format=raw,readonly=on,file.locking=off,file=/a,,b/root",
    ]);
    expect(text.includes("mem-path=/mem,,ory,share=on")).toBe(kind === "template");
    expect(text.includes("mem-path=/mem,,ory,share=off")).toBe(kind === "copy");
    expect(args.includes("-incoming")).toBe(kind === "copy");
  }
});
