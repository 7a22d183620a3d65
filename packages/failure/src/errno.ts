// SPDX-License-Identifier: Apache-2.0

/** Returns the system's numbers of errors. Without an import: a browser, which has none, can load this module. */
const numbers = (): Record<string, number> => process.getBuiltinModule('node:os').constants.errno;

/** Returns the system's name for what went wrong (errno), such as `ENOENT`, or '' for any other error. */
export function errnoOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return '';
  if (/^E[A-Z0-9]+$/.test(error.code)) return error.code;
  // libuv has no name for some of them, EDQUOT and ESTALE among those: "Unknown system error -122".
  const number = 'errno' in error && typeof error.errno === 'number' ? -error.errno : undefined;
  return Object.entries(numbers()).find(([, value]) => value === number)?.[0] ?? '';
}
