// SPDX-License-Identifier: Apache-2.0
import type { BootEnd, BootObservation, ObservedFirmware } from './observation.js';
import type { SerialText } from './serial.js';

/** A file that a machine was started with, by its digests: 64 hexadecimal digits each. */
export interface UsedFile {
  readonly what: 'image' | 'firmware';
  /** The file's path for messages; undefined where a record does not name it. */
  readonly path?: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The facts of one boot: from watching it, or from the record and the log that it left. */
export interface BootFacts {
  readonly log: SerialText;
  /** The end of the machine; undefined where nothing tells. */
  readonly end: BootEnd | undefined;
  /** Undefined for a run without firmware. */
  readonly firmware: 'seabios' | 'uefi' | undefined;
  readonly files: readonly UsedFile[];
}

/** Turns an observation into facts to be judged. */
export function observedFacts(observation: BootObservation): BootFacts {
  const { end, qemu, imageBefore, imageAfter, serialLines, serialRest, serialErased } = observation;
  const image = {
    what: 'image',
    path: imageBefore.path,
    before: imageBefore.sha256,
    after: imageAfter.sha256,
  } as const;
  return {
    log: { lines: serialLines, rest: serialRest, erased: serialErased },
    end,
    firmware: qemu?.firmware.kind,
    files: qemu === undefined ? [image] : [image, ...usedFirmware(qemu.firmware, qemu.firmwareAfter)],
  };
}

function usedFirmware(before: ObservedFirmware, after: ObservedFirmware): UsedFile[] {
  const files = (firmware: ObservedFirmware) =>
    firmware.kind === 'uefi' ? [firmware.code, firmware.vars] : [firmware.code];
  const later = files(after);
  // A SeaBIOS that nobody named was not measured.
  return files(before).flatMap((file, index) =>
    file === undefined
      ? []
      : [{ what: 'firmware', path: file.path, before: file.sha256, after: later[index]?.sha256 }],
  );
}
