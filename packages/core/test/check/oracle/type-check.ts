import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const COMPILER = join(import.meta.dirname, "../../../node_modules/.bin/tsc");
const OPTIONS =
  "--noEmit --strict false --target es2024 --lib es2024 --module esnext --pretty false --types".split(" ");
const MOST_OUTPUT = 64 * 1024 * 1024;

/** What the TypeScript compiler says of each program, `LINE: text` with the program's own lines; all are checked in one run. */
export async function typeCheck(types: string, programs: readonly string[]): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), "type-check-"));
  try {
    const declarations = join(folder, "world.d.ts");
    await writeFile(declarations, types);
    const files = programs.map((_program, index) => join(folder, `p${index}.ts`));
    await Promise.all(
      programs.map((program, index) =>
        writeFile(files[index]!, `export default async () => {\n${program}\n};\n`),
      ),
    );
    const output = await run([...OPTIONS, "", declarations, ...files], folder);
    if (/^(error TS|world\.d\.ts)/m.test(output)) throw new Error(output.slice(0, 2_000));
    const said: string[][] = programs.map(() => []);
    for (const [, index, line, text] of output.matchAll(/^p(\d+)\.ts\((\d+),\d+\): error (.*)$/gm)) {
      said[Number(index)]!.push(`${Number(line) - 1}: ${text}`);
    }
    return said;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The compiler ends with a code when it finds something. */
function run(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(COMPILER, args, { cwd, timeout: 100_000, maxBuffer: MOST_OUTPUT }, (error, stdout) => {
      if (error === null || (typeof error.code === "number" && stdout !== "")) resolve(stdout);
      else reject(error);
    });
  });
}
