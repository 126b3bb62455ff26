import { formatPath } from '../../config/config-errors.js';
import { faultsOf, type SchemaIssue } from '../../config/schema-issues.js';
import { sentence } from '../../sentence.js';
import { dataError } from '../data-errors.js';

/** DATA_OPTIONS_INVALID with what is wrong with the options of a `CSV` or `Parquet` file, and what was probably meant. */
export function formatFault(
  kind: 'CSV' | 'Parquet',
  { schema, format, issues }: { schema: unknown; format: unknown; issues: readonly SchemaIssue[] },
): Error {
  const texts = faultsOf(schema, format, issues).map(({ path, message }) => {
    const place = formatPath(path);
    return place === '' ? message : `${place}: ${message}`;
  });
  return dataError('DATA_OPTIONS_INVALID', sentence(`The ${kind} options are not valid: ${texts.join(' ')}`), {
    details: { issues: texts },
  });
}
