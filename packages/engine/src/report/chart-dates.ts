/**
 * Labels of a time axis, as a script's expression: ISO dates and hours of the day, with what they are part of below them. Rows as uPlot's
 * `axis.values` takes them: least step in seconds, label, then the lines added where year, month, day, hour, minute or second change.
 */
export const CHART_DATES = `[
  [31536000, '{YYYY}', null, null, null, null, null, null, 1],
  [2419200, '{MMM}', '\\n{YYYY}', null, null, null, null, null, 1],
  [86400, '{MM}-{DD}', '\\n{YYYY}', null, null, null, null, null, 1],
  [3600, '{HH}:00', '\\n{YYYY}-{MM}-{DD}', null, '\\n{MM}-{DD}', null, null, null, 1],
  [60, '{HH}:{mm}', '\\n{YYYY}-{MM}-{DD}', null, '\\n{MM}-{DD}', null, null, null, 1],
  [1, ':{ss}', '\\n{YYYY}-{MM}-{DD} {HH}:{mm}', null, '\\n{MM}-{DD} {HH}:{mm}', null, '\\n{HH}:{mm}', null, 1],
  [0.001, ':{ss}.{fff}', '\\n{YYYY}-{MM}-{DD} {HH}:{mm}', null, '\\n{MM}-{DD} {HH}:{mm}', null, '\\n{HH}:{mm}', null, 1],
]`;
