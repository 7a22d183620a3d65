// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readStableFile } from '@latticra/held-files';
import { BootSeedError } from '../error.js';
import type { BuildHost } from '../host.js';
import { IMAGE_PATH } from '../image/names.js';
import { inTemporaryFolder } from '../temporary.js';
import { runTool } from '../tool.js';
import type { GrubToolchain } from './tools.js';

/** The largest size of a configuration, in bytes. */
export const MAX_GRUB_CONFIG = 64 * 1024;
const MAX_COMMAND_LINE = 255;
/** Line breaks and tabs are the only control characters that a configuration may hold. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/**
 * Makes the configuration that starts `boot/kernel.elf` by Multiboot 2, without waiting.
 * @param commandLine what the kernel is told: at most 255 printable ASCII characters, none of `'`, `"` and `\`, which
 *   GRUB passes on with a backslash before them
 * @throws BootSeedError `bad-command-line`
 */
export function grubConfig(commandLine = ''): string {
  if (commandLine.length > MAX_COMMAND_LINE || !/^[ !#-&(-[\]-~]*$/.test(commandLine)) {
    throw new BootSeedError(
      'bad-command-line',
      `command line ${JSON.stringify(commandLine)}: expected at most ${MAX_COMMAND_LINE} printable ASCII characters without quotes and backslashes`,
    );
  }
  const words = commandLine === '' ? [] : commandLine.split(' ').map((word) => ` '${word}'`);
  return `set timeout=0
set default=0
insmod all_video
menuentry 'Latticra boot seed' {
  multiboot2 /${IMAGE_PATH.kernel}${words.join('')}
  boot
}
`;
}

/**
 * Reads the configuration at `path` as text.
 * @throws HeldFileError when it cannot be read or is larger than 64 KiB; BootSeedError `bad-grub-config`
 */
export async function readGrubConfig(path: string): Promise<string> {
  const { bytes } = await readStableFile(path, { maxBytes: MAX_GRUB_CONFIG });
  const config = decode(bytes, path);
  assertConfig(config);
  return config;
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw refused(`${path} is not UTF-8`, cause);
  }
}

/**
 * Refuses text that is no configuration. Asks grub-script-check as well, where it is installed.
 * @throws BootSeedError `bad-grub-config`
 */
export async function checkGrubConfig(
  config: string,
  { scriptCheck }: GrubToolchain,
  host: BuildHost = {},
): Promise<void> {
  assertConfig(config);
  if (scriptCheck === undefined) return;
  const { code, output } = await inTemporaryFolder(async (cwd) => {
    await writeFile(join(cwd, 'grub.cfg'), config, { mode: 0o600 });
    return (host.run ?? runTool)(scriptCheck, ['grub.cfg'], {
      cwd,
      ...(host.signal && { signal: host.signal }),
    });
  });
  host.signal?.throwIfAborted();
  if (code !== 0) throw refused(`grub-script-check: ${output.trim().split('\n').slice(0, 3).join('; ')}`);
}

function assertConfig(config: string): void {
  if (config.trim() === '') throw refused('there is nothing in it');
  if (Buffer.byteLength(config) > MAX_GRUB_CONFIG) throw refused(`more than ${MAX_GRUB_CONFIG} bytes`);
  if (CONTROL.test(config)) throw refused('there is a control character in it');
}

const refused = (reason: string, cause?: unknown) =>
  new BootSeedError('bad-grub-config', `grub.cfg: ${reason}`, {
    fix: 'give a GRUB script of text, at most 64 KiB',
    cause,
  });
