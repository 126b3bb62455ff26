// Writes packages/engine/schema/engine.schema.json from the built engine: npx tsc -b && node scripts/write-schema.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import { configJsonSchema } from '../packages/engine/dist/config/json-schema.js';

const folder = new URL('../packages/engine/schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('engine.schema.json', folder), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
