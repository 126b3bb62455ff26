/** Version of the engine; a test keeps it equal to package.json. */
export const ENGINE_VERSION = '0.1.0';
