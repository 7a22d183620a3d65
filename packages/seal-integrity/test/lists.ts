// SPDX-License-Identifier: Apache-2.0

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

/** Texts that are nearly hash lists, each with what is wrong and the reason that is told. */
export const MALFORMED_LISTS: readonly (readonly [what: string, text: string | Buffer, reason: RegExp])[] = [
  ['no line at all', '', /empty, expected at least one line(; |$)/],
  ['an empty line', '\n', /line 1: expected 64 lower-case/],
  ['NUL', `${A}  a\0b\n`, /line 1: NUL byte/],
  ['CR', `${A}  a\n${A}  b\rc\n`, /line 2: carriage return/],
  ['CRLF', `${A}  a\r\n`, /line 1: carriage return/],
  ['a byte order mark', `\ufeff${A}  a\n`, /line 1: expected 64 lower-case/],
  ['no last LF', `${A}  a`, /the last line does not end in LF/],
  ['a byte that is not UTF-8', Buffer.from(`${A}  \xff\n`, 'latin1'), /expected UTF-8/],
  ['a digest in upper case', `${A.toUpperCase()}  a\n`, /line 1: expected 64 lower-case/],
  ['a short digest', `${A.slice(1)}  a\n`, /line 1: expected 64 lower-case/],
  ['a long digest', `${A}a  a\n`, /line 1: expected 64 lower-case/],
  ['one space for two', `${A} a\n`, /line 1: expected 64 lower-case/],
  ['a binary mark', `${A} *a\n`, /line 1: expected 64 lower-case/],
  ['a tab', `${A}\t a\n`, /line 1: expected 64 lower-case/],
  ['no path on a line', `${A}  \n`, /line 1: the path "" is empty/],
  ['a doubled path', `${A}  a\n${B}  a\n`, /line 2: a stands twice/],
  ['unsorted paths', `${A}  b\n${A}  a\n`, /line 2: a stands behind b, expected strict byte order/],
  ['paths in the order of UTF-16', `${A}  😀\n${A}  ～\n`, /line 2: ～ stands behind 😀/],
  ['a path with .. in it', `${A}  a/../b\n`, /line 1: the path "a\/\.\.\/b" has a \. or \.\./],
  ['an absolute path', `${A}  /a\n`, /line 1: the path "\/a" is absolute/],
  ['a backslash', `${A}  a\\b\n`, /line 1: the path .* holds a backslash/],
  ['a control character', `${A}  a\u001bb\n`, /line 1: the path .* holds a control or invisible character/],
  ['a path too long', `${A}  ${'a'.repeat(5000)}\n`, /line 1: 5066 bytes, too long/],
  ['a comment', `# list\n${A}  a\n`, /line 1: expected 64 lower-case/],
];

/** A hash list of an earlier time. */
export const OLD_LIST = `${'0'.repeat(64)}  old\n`;
