export async function traceWire() { return { isSynced: true, failsWithNormal: true }; }
