import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRunFolder, sweepRunFolders } from "../../src/host/run-folder.ts";
import { openFolder } from "../test-machine.ts";

let folder: Awaited<ReturnType<typeof openFolder>>;
beforeEach(async () => {
  folder = await openFolder();
});
afterEach(() => folder.remove());

const space = async (): Promise<string> => /\d+/.exec(await readlink("/proc/self/ns/pid"))?.[0] ?? "";

test("a sweep ends and removes what a dead process left, and nothing else", async () => {
  const own = await createRunFolder(folder.path);
  const { id } = await own.createMachineFolder();
  expect(id).toContain(own.name);
  // The id of a process that runs, with the start of another: its owner is dead.
  const dead = `mcpo-${await space()}-${process.pid}-1-0123abcd`;
  const elsewhere = `mcpo-1-${process.pid}-1-0123abcd`;
  for (const name of [dead, elsewhere, "of-others"])
    await mkdir(join(folder.path, name, "1"), { recursive: true });
  const left = spawn("sh", ["-c", "sleep 600; :", `${dead}-1`], { stdio: "ignore" });
  const alive = spawn("sh", ["-c", "sleep 600; :", `${own.name}-1`], { stdio: "ignore", detached: true });
  try {
    const ended = once(left, "exit");
    await sweepRunFolders(folder.path);
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect([alive.exitCode, alive.signalCode]).toEqual([null, null]);
    expect((await readdir(folder.path)).toSorted()).toEqual([own.name, elsewhere, "of-others"].toSorted());
  } finally {
    process.kill(-alive.pid!, "SIGKILL");
  }
  await own.remove();
  expect(await readdir(folder.path)).not.toContain(own.name);
});

test("a folder that is not there needs no sweep", async () => {
  await sweepRunFolders(join(folder.path, "nowhere"));
});
