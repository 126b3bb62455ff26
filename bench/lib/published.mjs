// What every honest engine must get: the published results of the reference workloads.

/** W1 by number of bars. */
export const W1 = {
  100_000: {
    fills: 3_858,
    closedTrades: 3_857,
    wins: 1_355,
    finalPosition: -100,
    cash: 10_262_137.5,
    finalEquity: 9_894_587.5,
    fees: 96_437.5,
    maxDrawdown: 132_850,
    fillHash: '0x6999ed68',
  },
  1_000_000: {
    fills: 38_799,
    closedTrades: 38_798,
    wins: 13_629,
    finalPosition: 100,
    cash: 8_770_612.5,
    finalEquity: 9_138_162.5,
    fees: 969_962.5,
    maxDrawdown: 887_625,
    fillHash: '0xe13a90e9',
  },
  10_000_000: {
    fills: 384_914,
    closedTrades: 384_913,
    wins: 124_374,
    finalPosition: -100,
    cash: 570_637.5,
    finalEquity: 535_437.5,
    fees: 9_622_837.5,
    maxDrawdown: 9_484_750,
    fillHash: '0x35e9d185',
  },
};

/** W1c, fills at the signal bar's own close, by number of bars. */
export const W1C = {
  1_000_000: {
    fills: 38_799,
    wins: 13_331,
    cash: 8_739_262.5,
    finalEquity: 9_106_812.5,
    maxDrawdown: 917_600,
    fillHash: '0x2525e811',
  },
};

/** W2 by number of quotes. */
export const W2 = {
  2_000_000: { bars: 40_002, fills: 1_569, finalEquity: 9_893_050, fillHash: '0x6dc6e630' },
  50_000_000: { bars: 999_909, fills: 38_867, finalEquity: 7_564_137.5, fillHash: '0x17175806' },
};

/** sha256 of W1's million bars: six columns one after the other, and as CSV. */
export const W1_SUMS = {
  bin: '10da59a60f21dca65ea4e97bb3e312c96eb376bd1b67b4d35b6168770a3f7a0e',
  csv: 'aaf85b1afc1a8cd4719a1ff317fa1724efd17feb13cefd7c9397259e91cc4f29',
};
