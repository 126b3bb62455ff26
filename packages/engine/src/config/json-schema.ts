import { z } from 'zod';
import { engineSchema } from './schema/engine-schema.js';

/** A JSON Schema, as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Text with a variable in it stands where a number or a fixed word is asked. */
const VARIABLE = { type: 'string', pattern: '\\$\\{[A-Za-z_]' } as const;

/** JSON Schema (2020-12) of engine.yaml as a person writes it, for editors. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(engineSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const { type } = jsonSchema;
      if (type !== 'number' && type !== 'integer' && type !== 'boolean' && jsonSchema.enum === undefined) return;
      const { description, default: fallback, ...rest } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      // Infinities have no JSON; zod writes the safe integers as bounds of every int.
      if (rest.minimum === Number.MIN_SAFE_INTEGER) delete rest.minimum;
      if (rest.maximum === Number.MAX_SAFE_INTEGER) delete rest.maximum;
      if (description !== undefined) jsonSchema.description = description;
      if (fallback !== undefined) jsonSchema.default = fallback;
      jsonSchema.anyOf = [rest, { ...VARIABLE }];
    },
  });
}
