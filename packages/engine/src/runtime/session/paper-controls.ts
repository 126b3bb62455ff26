// Control surfaces of a run: made and opened on the main thread, once the engine is ready.
import {
  type EngineControl,
  type EngineNotice,
  marketCalendar,
  nowUtc,
  SILENT_LOGGER,
  SystemClock,
} from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import { createParts, openInOrder, prepareEngine } from '../../plugins/index.js';
import type { PhaseFailure } from '../../plugins/plugin-errors.js';

const OPEN_TIMEOUT_MS = 30_000;

/** What {@link openControls} is given of the run. */
export interface ControlsHost {
  readonly tell: (notice: EngineNotice) => void;
  /** Ends the opening; its reason is thrown. */
  readonly signal: AbortSignal;
}

/**
 * Opens what `controls:` names and gives what closes it. Without controls no plugin is loaded on this thread.
 * Errors: PLUGIN_BOOT_FAILED.
 */
export async function openControls(
  config: EngineConfig,
  control: EngineControl,
  { tell, signal }: ControlsHost,
): Promise<() => Promise<void>> {
  if (Object.keys(config.controls).length === 0) return () => Promise.resolve();
  const { BUILT_IN_PLUGIN } = await import('../../builtin-plugin.js');
  const prepared = await prepareEngine(config, { builtIn: [BUILT_IN_PLUGIN], mode: 'paper' });
  const parts = createParts(prepared, {
    clock: new SystemClock(),
    logger: () => SILENT_LOGGER,
    calendar: (id) => marketCalendar(id, config.calendars),
    feeds: [],
    venues: [],
  });
  const controls = [...parts.controls].map(([name, surface]) => ({
    name,
    isOptional: prepared.controls.get(name)?.isOptional ?? false,
    open: () => surface.open(control),
    close: () => surface.close(),
  }));
  const opened = await openInOrder(
    { controls },
    { timeoutMs: OPEN_TIMEOUT_MS, signal, mask: (text) => config.source.mask(text) },
  );
  const warn = ({ code, message }: PhaseFailure): void =>
    tell({ ts: nowUtc(), level: 'warning', code, message, details: {} });
  [...parts.warnings, ...opened.warnings].forEach(warn);
  return async () => (await opened.close()).forEach(warn);
}
