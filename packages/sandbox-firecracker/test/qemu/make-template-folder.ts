import type { TestProject } from "vitest/node";
import { openFolder } from "../test-machine.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder for the machines that one file of a run has booted and others copy. */
    readonly templates: string;
  }
}

/** A folder for what was booted, for all files of one run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { path, remove } = await openFolder();
  project.provide("templates", path);
  return remove;
}
