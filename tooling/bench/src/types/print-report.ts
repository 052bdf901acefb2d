import { shareOf, type TypeShare } from "./type-share.ts";
import type { TypesReport } from "./types-report.ts";

/** The report as lines for a person. */
export function printReport(report: TypesReport): string {
  const { listed, all, undeclared, declared, learnedAlone, pairs, uncalled, versions, ms } = report;
  const servers = Object.entries(Object.groupBy(pairs, ({ server }) => server));
  const wrong = pairs.filter(({ correct }) => !correct);
  return [
    "types of results after one call: what a signature shows then holds for a second, different call",
    "",
    ...servers.map(([server, of = []]) => `${server.padEnd(22)}${shareText(shareOf(of))}`),
    `${"all".padEnd(22)}${shareText(all)}, of ${listed} listed tools`,
    `${"  learned".padEnd(22)}${shareText(undeclared)}`,
    `${"  declared".padEnd(22)}${shareText(declared)}`,
    `${"learned, for all".padEnd(22)}${shareText(learnedAlone)}`,
    "",
    ...wrong.map(
      ({ server, tool, callable, detail }) =>
        `${callable ? "wrong" : "not callable"}: ${server}.${tool}: ${detail}`,
    ),
    `not called: ${uncalled.join(", ")}`,
    `${(ms / 1_000).toFixed(1)} s, Node ${versions.node}`,
  ].join("\n");
}

const shareText = ({ callable, correct, share }: TypeShare): string =>
  `${String(correct).padStart(3)} of ${String(callable).padStart(3)} callable, ${(share * 100).toFixed(1)} %`;
