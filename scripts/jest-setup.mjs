// Property tests explore anew at every run of a person; a machine that decides about a change always asks the same questions.
// FAST_CHECK_SEED=n repeats any run.
import fc from 'fast-check';

const { CI, FAST_CHECK_SEED } = process.env;
if (FAST_CHECK_SEED !== undefined) fc.configureGlobal({ seed: Number(FAST_CHECK_SEED) });
else if (CI !== undefined) fc.configureGlobal({ seed: 42 });
