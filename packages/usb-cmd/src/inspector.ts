// SPDX-License-Identifier: Apache-2.0
import { blindInspector, type DeviceInspector } from './assess.js';
import { linuxInspector } from './linux/inspect.js';
import { macosInspector } from './macos/inspect.js';
import { hostPlatform, type UsbPlatform } from './platform.js';

/** Returns how this machine looks at the devices of `platform`: not at all, unless it is its own. */
export function inspectorFor(
  platform: UsbPlatform,
  host: NodeJS.Platform = process.platform,
): DeviceInspector {
  if (hostPlatform(host) !== platform) return blindInspector;
  return platform === 'linux' ? linuxInspector() : macosInspector();
}
