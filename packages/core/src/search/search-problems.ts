import type { CatalogueServer } from "../catalogue/catalogue.ts";
import { cutText, safeText } from "../signatures/safe-text.ts";
import type { SearchProblem } from "./search-answer.ts";

/** Servers that could not be searched, or, when `everything` is asked for, not in full. Reasons are on one line. */
export function searchProblems(servers: readonly CatalogueServer[], everything: boolean): SearchProblem[] {
  return servers.flatMap(({ name, status, problems, tools }) => {
    const reasons: string[] = [];
    if (status.state === "failed") reasons.push(status.reason);
    if (status.state === "connecting") reasons.push("still connecting");
    if (reasons.length > 0 && tools.length > 0) reasons.push("its tools are as it last listed them");
    if (everything && problems.length > 0)
      reasons.push(`${problems.length} of its tools cannot be used: ${problems.slice(0, 3).join(", ")}`);
    return reasons.length === 0
      ? []
      : [{ server: oneLine(name, 100), reason: oneLine(reasons.join("; "), 300) }];
  });
}

function oneLine(text: string, length: number): string {
  return cutText(safeText(text), length);
}
