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
  return lateInspector(() => (platform === 'linux' ? linuxInspector() : macosInspector()));
}

/** Returns an inspector that is made when it is first asked: a placeholder is not looked at. */
function lateInspector(make: () => DeviceInspector): DeviceInspector {
  let made: DeviceInspector | undefined;
  const inspector = () => {
    made ??= make();
    return made;
  };
  return {
    locate: (path) => inspector().locate(path),
    inspect: (node, iso) => inspector().inspect(node, iso),
  };
}
