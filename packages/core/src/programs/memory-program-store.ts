import { OptimizerError, type SavedProgram, type SavedProgramStore } from "@mcp-optimizer/contracts";

/** Saved programs in memory: they last as long as the process. */
export function createMemoryProgramStore(): SavedProgramStore {
  const programs = new Map<string, SavedProgram[]>();
  return {
    async list() {
      const names = [...programs.keys()].sort();
      return names.map((name) => structuredClone(programs.get(name)!.at(-1)!));
    },
    async read(name, version) {
      const versions = programs.get(name) ?? [];
      return structuredClone(version === undefined ? versions.at(-1) : versions[version - 1]);
    },
    async save(program) {
      const { name, version } = program;
      const versions = programs.get(name) ?? [];
      if (version !== versions.length + 1) throw notNext(program);
      programs.set(name, [...versions, structuredClone(program)]);
    },
    remove: async (name) => programs.delete(name),
  };
}

/** A version that does not follow the newest. */
export function notNext({ name, version }: SavedProgram): OptimizerError {
  return new OptimizerError("conflict", {
    detail: `version ${version} of ${name} does not follow its newest; someone else may have saved it just now`,
  });
}
