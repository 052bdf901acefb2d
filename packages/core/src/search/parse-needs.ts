import type { Catalogue, CatalogueServer } from "../catalogue/catalogue.ts";
import { safeText } from "../signatures/safe-text.ts";

const MOST_NEEDS = 16;
const LONGEST = 1_000;

/** One thing that is looked for. */
export interface Need {
  /** As it is shown. */
  readonly query: string;
  /** What is ranked by: the query without a server in front. */
  readonly words: string;
  /** The server named in front of a colon: `git: list branches`. */
  readonly server?: CatalogueServer | undefined;
}

/** The needs of a query: a list, or a text with `;` or line breaks between; bullets and numbers of a list are taken off. At most 16. */
export function parseNeeds(query: string | readonly string[], catalogue: Catalogue): Need[] {
  const texts = (typeof query === "string" ? [query] : query).flatMap((text) => text.split(/[;\n\r；]+/u));
  return (
    texts
      .map((text) => text.replace(/^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)/u, "").trim())
      // Of what nothing can be shown, nothing can be looked for.
      .filter((text) => safeText(text) !== "")
      .slice(0, MOST_NEEDS)
      .map((text) => parseNeed(text.slice(0, LONGEST), catalogue))
  );
}

function parseNeed(query: string, catalogue: Catalogue): Need {
  const parts = /^(?<server>[^:]{1,100}):\s+(?<words>.+)$/u.exec(query)?.groups;
  const server = parts === undefined ? undefined : catalogue.server(parts["server"]!.trim());
  return server === undefined ? { query, words: query } : { query, words: parts!["words"]!, server };
}
