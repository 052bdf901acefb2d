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

/** What a query asks for. */
export interface Needs {
  /** At most 16. */
  readonly needs: readonly Need[];
  /** Needs beyond these; they are not looked for. */
  readonly left: number;
}

/** The needs of a query: a list, or a text with `;` or line breaks between; bullets and numbers of a list are taken off. */
export function parseNeeds(query: string | readonly string[], catalogue: Catalogue): Needs {
  const texts = (typeof query === "string" ? [query] : query).flatMap((text) => text.split(/[;\n\r；]+/u));
  const asked = texts
    .map((text) => text.replace(/^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)/u, "").trim())
    // Of what nothing can be shown, nothing can be looked for.
    .filter((text) => safeText(text) !== "");
  return {
    needs: asked.slice(0, MOST_NEEDS).map((text) => parseNeed(text.slice(0, LONGEST), catalogue)),
    left: Math.max(0, asked.length - MOST_NEEDS),
  };
}

function parseNeed(query: string, catalogue: Catalogue): Need {
  const parts = /^(?<server>[^:]{1,100}):\s+(?<words>.+)$/u.exec(query)?.groups;
  const server = parts === undefined ? undefined : catalogue.server(parts["server"]!.trim());
  return server === undefined ? { query, words: query } : { query, words: parts!["words"]!, server };
}
