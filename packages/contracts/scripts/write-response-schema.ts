import { writeFileSync } from "node:fs";
import { responseJsonSchema } from "../src/response-schema.ts";

const file = new URL("../schema/response-v2.json", import.meta.url);
writeFileSync(file, `${JSON.stringify(responseJsonSchema(), null, 2)}\n`);
