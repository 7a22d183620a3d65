// SPDX-License-Identifier: Apache-2.0

/** Functions that are called as readers are and are no target's, with the reason why. */
export const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  'checks files against digests and documents in a folder, by readers that are targets': [
    'packages/boot-cases/src/record/verify.ts#verifyHeld',
    'packages/boot-cases/src/record/verify.ts#verifyRecord',
    'packages/boot-preview/src/files/check.ts#checkFile',
    'packages/boot-preview/src/files/check.ts#readRecorded',
    'packages/boot-preview/src/validation/argv.ts#checkArgv',
    'packages/boot-preview/src/validation/argv.ts#checkScreenArgv',
    'packages/boot-preview/src/validation/consent.ts#checkConsent',
    'packages/boot-preview/src/validation/firmware.ts#checkFirmware',
    'packages/boot-preview/src/validation/fixture.ts#checkFixture',
    'packages/boot-preview/src/validation/log.ts#checkBuildId',
    'packages/boot-preview/src/validation/log.ts#checkLog',
    'packages/boot-preview/src/validation/machine.ts#checkMachine',
    'packages/boot-preview/src/validation/manifest.ts#checkManifest',
    'packages/boot-preview/src/validation/reports.ts#checkReports',
    'packages/boot-preview/src/validation/screen.ts#checkScreen',
    'packages/operator-bundle/src/verify.ts#verifyOperatorBundle',
    'packages/sbom/src/check/check-files.ts#checkSbomFiles',
  ],
  'opens a file of a held folder, and gives its bytes to a reader that is a target': [
    'packages/seal-integrity/src/run/artifact.ts#openReportFolder',
    'packages/seal-integrity/src/run/lock.ts#readLock',
    'packages/seal-integrity/src/run/manifest.ts#loadManifest',
    'packages/seal-integrity/src/run/stream.ts#readArtifact',
  ],
  'reads bytes for their digest or as they are, whatever they say': [
    'packages/seal-integrity/src/scope/read-file.ts#readPart',
    'packages/seal-integrity/src/scope/read-large.ts#readLarge',
    'packages/seal-integrity/src/scope/walk.ts#walkScope',
    'packages/vm-run/src/folder.ts#readStart',
    'packages/vm-run/src/qemu/watch.ts#findFlood',
  ],
  'looks for a program, a firmware or a folder of the machine by its path': [
    'packages/boot-seed/src/grub/tools.ts#findGrub',
    'packages/held-files/src/anchor/open.ts#openAnchor',
    'packages/held-files/src/anchor/open.ts#openAnchorOn',
    'packages/held-files/src/anchor/system.ts#openFlags',
    'packages/operator-bundle/src/firmware.ts#findChosenFirmware',
    'packages/toolchain/src/firmware/find.ts#findFirmware',
    'packages/toolchain/src/firmware/find.ts#findSeaBios',
    'packages/toolchain/src/program.ts#findProgram',
  ],
  'describes a failure': [
    'packages/held-files/src/anchor/attempt.ts#openFailure',
    'packages/held-files/src/error.ts#readFailure',
  ],
  'checks what a writer is to write': ['packages/disk-image/src/fat/long-name.ts#checkName'],
  'measures while it shows how far it is': ['packages/manifest/src/inspected.ts#inspectTracked'],
};
