import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildImage } from "./build-image.ts";
import { makeApp } from "./make-app.ts";

/** Makes the image. Options: --tag NAME (default mcp-optimizer:local), --node-image NAME, --host URL. */
const { values } = parseArgs({
  options: { tag: { type: "string" }, "node-image": { type: "string" }, host: { type: "string" } },
});
const { tag = "mcp-optimizer:local", "node-image": nodeImage, host } = values;
const folder = fileURLToPath(new URL("../../../node_modules/.cache/image/", import.meta.url));
await makeApp(join(folder, "app"));
await buildImage({ folder, tag, ...(nodeImage && { nodeImage }), ...(host && { host }) });
console.log(`Built ${tag}`);
