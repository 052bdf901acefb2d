import type { CallPair, PairPlaces } from "../call-pair.ts";
import { TOPIC } from "../write-topic-branch.ts";

/** Works in two fresh repositories and a clone of one with history. */
export function gitPairs({ files, repository }: PairPlaces): CallPair[] {
  const [path, other, remote] = [`${files}/work`, `${files}/other`, `${files}/remote.git`];
  const commit = { path, allowEmpty: true } as const;
  return [
    { tool: "git_init", first: { path: other, initialBranch: "main" }, second: { path: `${files}/third` } },
    {
      tool: "git_clone",
      first: { url: repository, path: remote, bare: true },
      second: { url: remote, path, branch: "main" },
    },
    { tool: "git_set_working_dir", first: { path }, second: { path: repository } },
    { tool: "git_status", first: { path }, second: { path: other } },
    {
      tool: "git_log",
      first: { path, maxCount: 3 },
      second: { path, maxCount: 5, skip: 10, stat: true },
    },
    { tool: "git_show", first: { path, object: "HEAD" }, second: { path, object: "HEAD~3", stat: true } },
    {
      tool: "git_diff",
      first: { path, source: "HEAD~3", target: "HEAD" },
      second: { path, source: "HEAD~1", target: "HEAD", nameOnly: true },
    },
    {
      tool: "git_blame",
      first: { path, filePath: "src/core/module-0.ts" },
      second: { path, filePath: "src/cli/module-1.ts" },
    },
    { tool: "git_reflog", first: { path, maxCount: 5 }, second: { path, maxCount: 1 } },
    {
      tool: "git_branch",
      first: { path, mode: "list" },
      second: { path, mode: "create", branchName: "side" },
    },
    { tool: "git_tag", first: { path, mode: "create", tagName: "v1" }, second: { path, mode: "list" } },
    {
      tool: "git_remote",
      first: { path, mode: "list" },
      second: { path, mode: "add", name: "second", url: repository },
    },
    {
      tool: "git_checkout",
      first: { path, target: "side" },
      second: { path, target: "again", createBranch: true },
    },
    { tool: "git_add", first: { path, all: true }, second: { path, paths: ["src/core/module-0.ts"] } },
    {
      tool: "git_commit",
      first: { ...commit, message: "test: one" },
      second: { ...commit, message: "test: two\n\nWith a body." },
    },
    {
      tool: "git_merge",
      first: { path, branch: "side" },
      second: { path, branch: "again", noFastForward: true, message: "merge: again" },
      before: [["git_checkout", { path, target: "main" }]],
    },
    {
      tool: "git_cherry_pick",
      first: { path, commits: [`origin/${TOPIC}~1`] },
      second: { path, commits: [`origin/${TOPIC}`] },
    },
    {
      tool: "git_rebase",
      first: { path, upstream: "main", branch: "side" },
      second: { path, upstream: "main", branch: "again" },
    },
    { tool: "git_stash", first: { path, mode: "list" }, second: { path, mode: "push", message: "later" } },
    {
      tool: "git_reset",
      first: { path, mode: "mixed", target: "HEAD" },
      second: { path, mode: "soft", target: "HEAD~1" },
    },
    {
      tool: "git_clean",
      first: { path, force: true, dryRun: true },
      second: { path, force: true, directories: true },
    },
    {
      tool: "git_worktree",
      first: { path, mode: "list" },
      second: { path, mode: "add", worktreePath: `${files}/tree-two`, branch: "tree-two" },
    },
    { tool: "git_fetch", first: { path, remote: "origin" }, second: { path, remote: "second" } },
    {
      tool: "git_pull",
      first: { path, remote: "origin", branch: "main" },
      second: { path, remote: "second", branch: "main" },
      before: [["git_checkout", { path, target: "main" }]],
    },
    {
      tool: "git_push",
      first: { path, remote: "origin", branch: "side" },
      second: { path, remote: "origin", branch: "again" },
    },
    {
      tool: "git_changelog_analyze",
      first: { path, reviewTypes: ["gaps"] },
      second: { path, reviewTypes: ["security", "features"], maxCommits: 20 },
    },
    {
      tool: "git_wrapup_instructions",
      first: { acknowledgement: "Y" },
      second: { acknowledgement: "yes", createTag: true },
    },
    { tool: "git_clear_working_dir", first: { confirm: "Y" }, second: { confirm: "yes" } },
  ];
}
