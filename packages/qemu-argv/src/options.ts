// SPDX-License-Identifier: Apache-2.0

/** One option of a QEMU option string: a name and its value, or a bare first word such as a device's name. */
export type Option = readonly [name: string, value: string | number] | string;

/**
 * Formats the argument of `-drive`, `-device`, `-chardev` and the like: `name=value` joined by commas, a comma
 * inside a value doubled (QEMU, System Emulation, Invocation: "a comma in a file name is to be doubled").
 */
export function formatOptions(...options: readonly Option[]): string {
  const double = (text: string | number) => String(text).replaceAll(',', ',,');
  return options
    .map((option) => (typeof option === 'string' ? double(option) : `${option[0]}=${double(option[1])}`))
    .join(',');
}

/** Splits an option string as QEMU does into names and values in order; a word without `=` has an empty value. */
export function parseOptions(text: string): [name: string, value: string][] {
  const parts: string[] = [''];
  // No pattern takes what may be of any length: it runs out of stack on a long one.
  for (let at = 0; at <= text.length; ) {
    const found = text.indexOf(',', at);
    const end = found < 0 ? text.length : found;
    const isDoubled = text[end + 1] === ',';
    parts[parts.length - 1] += text.slice(at, isDoubled ? end + 1 : end);
    if (found >= 0 && !isDoubled) parts.push('');
    at = end + (isDoubled ? 2 : 1);
  }
  return parts
    .filter((part) => part !== '')
    .map((option) => {
      const split = option.indexOf('=');
      return split < 0 ? [option, ''] : [option.slice(0, split), option.slice(split + 1)];
    });
}

/**
 * Returns a path as the value of `file=`. There QEMU takes what stands before a colon for a protocol
 * (`fo:o.img`), unless a slash comes first.
 */
export function imageFile(path: string): string {
  return /^[^/]*:/.test(path) ? `./${path}` : path;
}
