// What TWS answers and the simulator does not. Their fields are known by name, so that they are told from damage.

/** By number: the name of the API's function, and the fields behind the number. */
export const UNSUPPORTED_REQUESTS: ReadonlyMap<number, { readonly name: string; readonly fields: readonly string[] }> =
  new Map(
    (
      [
        [12, 'reqNewsBulletins', 'version all'],
        [13, 'cancelNewsBulletins', 'version'],
        [18, 'requestFA', 'version type'],
        [19, 'replaceFA', 'version type xml requestId'],
        [
          21,
          'exerciseOptions',
          'version requestId conId symbol secType expiry strike right multiplier exchange currency localSymbol tradingClass ' +
            'action quantity account override manualOrderTime:180 customerAccount:183 professionalCustomer:184',
        ],
        [
          22,
          'reqScannerSubscription',
          'requestId rows instrument location code abovePrice belowPrice aboveVolume capAbove capBelow moodyAbove moodyBelow ' +
            'spAbove spBelow maturityAbove maturityBelow couponAbove couponBelow excludeConvertible optionVolume pairs stockType ' +
            'filters options',
        ],
        [23, 'cancelScannerSubscription', 'version requestId'],
        [24, 'reqScannerParameters', 'version'],
        [
          52,
          'reqFundamentalData',
          'version requestId conId symbol secType exchange primaryExchange currency localSymbol report options',
        ],
        [53, 'cancelFundamentalData', 'version requestId'],
        [
          54,
          'calculateImpliedVolatility',
          'version requestId conId symbol secType expiry strike right multiplier exchange primaryExchange currency localSymbol ' +
            'tradingClass optionPrice underPrice options',
        ],
        [
          55,
          'calculateOptionPrice',
          'version requestId conId symbol secType expiry strike right multiplier exchange primaryExchange currency localSymbol ' +
            'tradingClass volatility underPrice options',
        ],
        [56, 'cancelCalculateImpliedVolatility', 'version requestId'],
        [57, 'cancelCalculateOptionPrice', 'version requestId'],
        [67, 'queryDisplayGroups', 'version requestId'],
        [68, 'subscribeToGroupEvents', 'version requestId group'],
        [69, 'updateDisplayGroup', 'version requestId contract'],
        [70, 'unsubscribeFromGroupEvents', 'version requestId'],
        [79, 'reqSoftDollarTiers', 'requestId'],
        [80, 'reqFamilyCodes', ''],
        [82, 'reqMktDepthExchanges', ''],
        [84, 'reqNewsArticle', 'requestId provider article options'],
        [85, 'reqNewsProviders', ''],
        [86, 'reqHistoricalNews', 'requestId conId providers start end count options'],
        [
          88,
          'reqHistogramData',
          'requestId conId symbol secType expiry strike right multiplier exchange primaryExchange currency localSymbol ' +
            'tradingClass includeExpired useRth period',
        ],
        [89, 'cancelHistogramData', 'requestId'],
        [100, 'reqWshMetaData', 'requestId'],
        [101, 'cancelWshMetaData', 'requestId'],
        [102, 'reqWshEventData', 'requestId conId filter watchlist portfolio competitors start end limit'],
        [103, 'cancelWshEventData', 'requestId'],
        [104, 'reqUserInfo', 'requestId'],
      ] as const
    ).map(([number, name, fields]) => [number, { name, fields: fields.split(' ').filter((field) => field !== '') }]),
  );

/** The fields a server of this version expects: `name:180` is there from version 180 on. */
export function expectedFields(fields: readonly string[], serverVersion: number): readonly string[] {
  return fields
    .map((field) => field.split(':'))
    .filter(([, from]) => from === undefined || serverVersion >= Number(from))
    .map(([name = '']) => name);
}
