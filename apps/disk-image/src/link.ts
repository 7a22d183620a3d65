// SPDX-License-Identifier: Apache-2.0

/** Bytes of a target, as Linux takes it. */
const MAX_TARGET = 4095;

/**
 * Returns why a symbolic link is not made; undefined for one that stays in the folder whatever other links there are. Its `..`
 * come first, so they go up from where the link really lies; the names behind them go down, through links that stay inside too.
 * @param path of the link, from the folder
 */
export function linkFault(path: string, target: string): string | undefined {
  if (target === '' || Buffer.byteLength(target) > MAX_TARGET || /[\0\ufffd]/.test(target))
    return 'no link can say';
  if (target.startsWith('/')) return 'is absolute';
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const names = parts.findIndex((part) => part !== '..');
  const ups = names === -1 ? parts.length : names;
  if (parts.slice(ups).includes('..')) return 'goes down and up again';
  return ups > path.split('/').length - 1 ? 'leads out of the folder' : undefined;
}
