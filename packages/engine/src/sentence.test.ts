import { describe, expect, it } from '@jest/globals';
import { sentence } from './sentence.js';

describe('sentence', () => {
  it.each([
    ["ENOENT: no such file, open 'a.parquet'", "ENOENT: no such file, open 'a.parquet'."],
    ["IO Error: no file matches 'a.parquet'.", "IO Error: no file matches 'a.parquet'."],
    ['are these those of the file?', 'are these those of the file?'],
    ['ends with a line\n', 'ends with a line.'],
  ])('ends %j once', (text, ended) => expect(sentence(text)).toBe(ended));
});
