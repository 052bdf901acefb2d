import { runGit } from "../tasks/fixtures/run-git.ts";

/** A branch with two commits on top of `main`, each with a new file. */
export const TOPIC = "topic";

/** Adds {@link TOPIC} to a repository. */
export async function writeTopicBranch(repository: string): Promise<void> {
  const commit = (file: string, from: string): string =>
    `commit refs/heads/${TOPIC}\ncommitter Ada Adler <ada@example.org> 1793300000 +0000\n` +
    `data ${file.length}\n${file}\n${from}M 100644 inline ${file}\ndata ${file.length}\n${file}\n`;
  const stream = commit("one.txt", "from refs/heads/main^0\n") + commit("two.txt", "");
  await runGit(repository, ["fast-import", "--quiet"], stream);
}
