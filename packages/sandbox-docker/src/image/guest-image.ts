import { OptimizerError } from "@mcp-optimizer/contracts";
import type { Language } from "@mcp-optimizer/contracts";
import type { ContainerEngine } from "@mcp-optimizer/docker-engine";
import { buildAdvice } from "./build-advice.ts";

/** Label of every image that can hold a guest; its value is the version of this agreement. */
export const GUEST_IMAGE_LABEL = "dev.mcp-optimizer.guest";
const AGREEMENT = "1";
const NODE_LABEL = `${GUEST_IMAGE_LABEL}.node`;
const PYTHON_LABEL = `${GUEST_IMAGE_LABEL}.python`;

/** An image with the languages of guests in it. */
export interface GuestImage {
  readonly reference: string;
  readonly id: string;
  readonly architecture: string;
  /** Versions of its languages; one that is missing is not in it. */
  readonly versions: Readonly<Partial<Record<Language, string>>>;
}

/** Dockerfile instructions that mark an image as one for guests. */
export function guestLabels(versions: GuestImage["versions"]): string[] {
  return [
    `LABEL ${GUEST_IMAGE_LABEL}=${AGREEMENT}`,
    ...(versions.javascript ? [`LABEL ${NODE_LABEL}=${versions.javascript}`] : []),
    ...(versions.python ? [`LABEL ${PYTHON_LABEL}=${versions.python}`] : []),
  ];
}

/** Looks an image up. `undefined` when the daemon has none of that name. Rejects when it is not one for guests. */
export async function findGuestImage(
  engine: ContainerEngine,
  reference: string,
): Promise<GuestImage | undefined> {
  const found = await engine.findImage(reference);
  if (!found) return undefined;
  if (found.labels[GUEST_IMAGE_LABEL] !== AGREEMENT) {
    const detail = `the image ${reference} has no label ${GUEST_IMAGE_LABEL}=${AGREEMENT}, so it holds no guest; ${buildAdvice(reference)}`;
    throw new OptimizerError("sandbox_unavailable", { detail });
  }
  const { [NODE_LABEL]: javascript, [PYTHON_LABEL]: python } = found.labels;
  return {
    reference,
    id: found.id,
    architecture: found.architecture,
    versions: { ...(javascript && { javascript }), ...(python && { python }) },
  };
}
