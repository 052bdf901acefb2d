import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../image", import.meta.url));

/** What an operator does to have this image: the command that builds it from the published Dockerfile. */
export function buildAdvice(reference: string): string {
  return `build it: docker build --tag ${reference} ${FOLDER}`;
}
