import { open } from "node:fs/promises";

/** Offsets in the boot header of a Linux image for x86, as the kernel's boot protocol gives them. */
const MAGIC_AT = 0x202;
const VERSION_POINTER_AT = 0x20e;
const VERSION_BASE = 0x200;
const HEAD_BYTES = 65_536;

/** The version that a compressed x86 kernel names in its header, such as `6.1.0-56-cloud-amd64`; else `unknown`. */
export async function kernelVersion(image: string): Promise<string> {
  await using file = await open(image);
  const { buffer: head, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES) });
  if (bytesRead < VERSION_BASE + 0x40 || head.toString("latin1", MAGIC_AT, MAGIC_AT + 4) !== "HdrS")
    return "unknown";
  const start = head.readUInt16LE(VERSION_POINTER_AT) + VERSION_BASE;
  return head.toString("latin1", start, start + 128).split(/[ \0]/)[0] || "unknown";
}
