import type { CommandDefinition } from '../command.js';
import { EXIT } from '../exit-code.js';

/** `bookrunner schema`. */
export const schemaCommand: CommandDefinition = {
  name: 'schema',
  describe: 'Print the JSON Schema of engine.yaml, for editors',
  examples: [['schema > engine.schema.json', 'a file for "# yaml-language-server: $schema=engine.schema.json"']],
  async run(_args, io) {
    const { configJsonSchema } = await import('../../config/index.js');
    const schema = configJsonSchema();
    io.output.result(schema, () => JSON.stringify(schema, undefined, 2));
    return EXIT.done;
  },
};
