// SPDX-License-Identifier: Apache-2.0
import { UsbCommandError } from './error.js';

/** What the printed commands are to be run on. */
export type UsbPlatform = 'linux' | 'macos';

/** How a platform is asked for: by name, or as the machine that asks. */
export const PLATFORM_CHOICES = ['linux', 'macos', 'auto'] as const;
export type PlatformChoice = (typeof PLATFORM_CHOICES)[number];

/** Returns the platform of a machine, by Node's name for it, or undefined where there are no commands for it. */
export function hostPlatform(host: NodeJS.Platform = process.platform): UsbPlatform | undefined {
  if (host === 'darwin') return 'macos';
  return host === 'linux' ? 'linux' : undefined;
}

/**
 * Returns the platform that was asked for, this machine's for `auto`.
 * @throws UsbCommandError `unsupported-platform` for `auto` on a machine that is neither Linux nor macOS
 */
export function choosePlatform(
  choice: PlatformChoice,
  host: NodeJS.Platform = process.platform,
): UsbPlatform {
  if (choice !== 'auto') return choice;
  const platform = hostPlatform(host);
  if (platform !== undefined) return platform;
  throw new UsbCommandError('unsupported-platform', `no write command is known for ${host}`, {
    fix: 'give --platform linux or --platform macos',
  });
}
