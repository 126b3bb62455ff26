/** Version of this SDK; `definePlugin` stamps it into every plugin. A test keeps it equal to package.json. */
export const SDK_VERSION = '0.1.0';

/** The plugin interface's major, written by plugin authors into their manifest and their `definePlugin` call. */
export const API_VERSION = 1;
