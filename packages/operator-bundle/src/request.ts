// SPDX-License-Identifier: Apache-2.0
import type { SurveyOptions } from '@latticra/manifest';
import type { RecordSigner, SigningOptions } from '@latticra/signature';
import type { FirmwareRoots } from '@latticra/toolchain';
import { type DeviceInspector, PLACEHOLDER, type UsbPlatform } from '@latticra/usb-cmd';
import type { CommandRequest } from './commands.js';
import type { FirmwareChoice } from './firmware.js';
import type { BundlePage } from './page.js';
import type { EvaluatingOptions } from './promotion/derive.js';
import type { TakenImages } from './taken.js';

/** What to bundle, and where. Paths as the operator names them. */
export interface OperatorBundleRequest extends Partial<Omit<CommandRequest, 'firmware' | 'devices'>> {
  readonly artifactManifestPath: string;
  /** `artifacts/os-images/<version>/operator-bundle` when left out. */
  readonly outputDir?: string | undefined;
  /** The device to show for each platform: a placeholder unless given. */
  readonly devices?: Readonly<Partial<Record<UsbPlatform, string>>>;
  /** UEFI as it is found on this machine, unless given. */
  readonly firmware?: FirmwareChoice;
  /** A folder with records of boots, of which those of the artifacts go into the bundle; none when left out. */
  readonly bootRecords?: string | undefined;
  /** A folder with an evaluation of the release, and what it was derived from, which goes into the bundle; none when left out. */
  readonly promotionDir?: string | undefined;
  /** Whether the keys that signed were made for a rehearsal alone, which the bundle then says. */
  readonly keysProveNothing?: boolean | undefined;
  /** The key that signs the bundle's checksums, or the `.pub` file of one that an agent holds; not signed when left out. */
  readonly signKey?: string | undefined;
}

/** What staging is given of the machine that it runs on, and by whom the images have to be signed. */
export interface OperatorBundleOptions extends SurveyOptions, Partial<EvaluatingOptions> {
  /** The folder that a relative path starts from: the current one unless given. */
  readonly cwd?: string;
  /** Where firmware is looked for; the usual places unless given. */
  readonly firmwareRoots?: FirmwareRoots;
  readonly inspectorFor?: (platform: UsbPlatform) => DeviceInspector;
  /** Makes the page of the bundle, which goes into it; none when left out. */
  readonly page?: BundlePage | undefined;
  /** Images that were taken before: their copies become those of the bundle, and they are not read again. */
  readonly taken?: TakenImages | undefined;
  /** Receives the number of bytes of an artifact that each step copied. */
  readonly onBytes?: (count: number) => void;
  /** Receives how many bytes of artifacts there are to copy, before the first; undefined where that cannot be told. */
  readonly onTotal?: (bytes: number | undefined) => void;
  /** A key that was taken already, which signs the checksums in place of one that the request names. */
  readonly signer?: RecordSigner | undefined;
  /** What signing is given of the machine; the environment of this process unless said. */
  readonly signing?: Omit<SigningOptions, 'cwd'>;
}

/** Returns what the command documents of a bundle are made from, where a request leaves it out as well. */
export function commandsOf({
  manifestPath = 'none',
  devices,
  serialLog = 'vm-serial.log',
}: OperatorBundleRequest): Omit<CommandRequest, 'firmware'> {
  return { manifestPath, devices: { ...PLACEHOLDER, ...devices }, serialLog };
}
