// What is said of a panic that nothing has heard.

/** A panic from before there was a data folder, where none came. */
export const PANIC_NOT_LATCHED =
  'PANIC_NOT_LATCHED: SIGUSR2 asked for a panic, and nothing has started that could latch it. Put the file PANIC into the data folder: the next start begins with it.';

/** A panic that is latched, and that nothing goes on with. */
export const PANIC_KEPT =
  'PANIC_UNFINISHED: SIGUSR2 asked for a panic. The file HALTED has it, and no engine runs that could carry it out: start again, without --resume.';
