import { writeFileSync } from "node:fs";
import { settingsJsonSchema } from "../src/settings-json-schema.ts";

const file = new URL("../schema/configuration-v1.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`);
