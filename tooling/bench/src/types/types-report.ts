import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openFleet } from "../fleet/open-fleet.ts";
import type { ServerName } from "../fleet/server-packages.ts";
import { servePages } from "../tasks/fixtures/serve-pages.ts";
import { writeFixtures } from "../tasks/fixtures/write-fixtures.ts";
import type { PairPlaces } from "./call-pair.ts";
import { measurePair, type PairFigures } from "./measure-pair.ts";
import { PAIRS } from "./pairs/index.ts";
import { shareOf, type TypeShare } from "./type-share.ts";
import { writeTopicBranch } from "./write-topic-branch.ts";

/** Everything that `bench:types` measures. */
export interface TypesReport {
  /** Tools that the ten servers list. */
  readonly listed: number;
  /** The type that a signature shows: the declared one, or the learned one of a tool that has none. */
  readonly all: TypeShare;
  /** Of tools whose servers declare no output schema: nothing is known of these without learning. */
  readonly undeclared: TypeShare;
  /** Of tools that have one, which their results are held against. */
  readonly declared: TypeShare;
  /** Learned types of all tools, as if no server declared any. */
  readonly learnedAlone: TypeShare;
  /** One for each tool that was called. */
  readonly pairs: readonly PairFigures[];
  /** Listed tools without a pair of calls. */
  readonly uncalled: readonly string[];
  readonly versions: { readonly node: string };
  readonly ms: number;
}

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** Starts the ten servers and makes the prepared pairs of calls. */
export async function measureTypes(say: (line: string) => void, signal: AbortSignal): Promise<TypesReport> {
  const started = performance.now();
  await using pages = await servePages();
  let places: PairPlaces | undefined;
  await using fleet = await openFleet({ env: process.env, say }, async ({ files, sqliteFile }) => {
    const { repository } = await writeFixtures(files, sqliteFile);
    await writeTopicBranch(repository);
    await writeFile(join(files, "pixel.png"), Buffer.from(PIXEL, "base64"));
    places = { files, repository, pagesUrl: pages.url };
  });
  const pairs: PairFigures[] = [];
  const uncalled: string[] = [];
  for (const provider of fleet.providers) {
    say(`${provider.name}: ${provider.tools.length} tools`);
    const prepared = PAIRS[provider.name as ServerName](places!);
    const definitions = new Map(provider.tools.map((tool) => [tool.name, tool]));
    for (const pair of prepared) {
      signal.throwIfAborted();
      const definition = definitions.get(pair.tool);
      if (definition === undefined) throw new Error(`${provider.name} has no tool ${pair.tool}`);
      pairs.push(await measurePair(provider, definition, pair));
    }
    const called = new Set(prepared.map(({ tool }) => tool));
    uncalled.push(
      ...provider.tools.flatMap(({ name }) => (called.has(name) ? [] : [`${provider.name}.${name}`])),
    );
  }
  return {
    listed: fleet.providers.reduce((sum, { tools }) => sum + tools.length, 0),
    all: shareOf(pairs),
    undeclared: shareOf(pairs.filter(({ declared }) => !declared)),
    declared: shareOf(pairs.filter(({ declared }) => declared)),
    learnedAlone: shareOf(pairs.map((pair) => ({ ...pair, correct: pair.learned }))),
    pairs,
    uncalled,
    versions: { node: process.versions.node },
    ms: Math.round(performance.now() - started),
  };
}
