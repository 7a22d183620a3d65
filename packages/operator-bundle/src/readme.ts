// SPDX-License-Identifier: Apache-2.0
import { formatDigest } from '@latticra/evidence-format';
import type { ArtifactManifest } from '@latticra/manifest';
import { quoteWord } from '@latticra/shell-words';
import { type ArtifactNames, BUNDLE_FILE, checksumName } from './names.js';
import type { BundleOptions } from './options.js';
import { PROMOTION_FILE } from './promotion/names.js';
import type { CarriedPromotion } from './promotion/stage.js';

/** How many records of boots lie in a bundle. */
export interface RecordCount {
  readonly all: number;
  /** Those beside which a signature lies. */
  readonly signed: number;
}

/** What lies in a bundle besides, which the page tells of. */
export interface ReadmeOptions
  extends Pick<BundleOptions, 'verifiedBy' | 'checksumsSigned' | 'keysProveNothing' | 'pageVersion'> {
  readonly records: RecordCount;
  readonly promotion: CarriedPromotion | undefined;
}

/** Writes the page that an operator reads first, as plain text; it says nothing of an artifact that is not there. */
export function bundleReadme(
  manifest: ArtifactManifest,
  names: ArtifactNames,
  { records, verifiedBy, checksumsSigned, keysProveNothing, pageVersion, promotion }: ReadmeOptions,
): string {
  const { iso, vmImage } = manifest;
  const digest = (record: { readonly sha256: string } | undefined) =>
    record === undefined ? '' : formatDigest(record.sha256);
  const digests = iso && vmImage ? 'two digests' : 'digest';
  const chapters = [
    checkChapter(digests),
    ...(checksumsSigned ? [SIGNATURE_CHAPTER] : []),
    ...(promotion === undefined ? [] : [promotionChapter(promotion)]),
    ...(names.vmImage === undefined ? [] : [VM_CHAPTER]),
    ...(names.iso === undefined ? [] : [usbChapter(names.iso)]),
    WRONG_CHAPTER,
  ];
  const signatures = [
    ...(iso ? [`USB image: ${iso.signaturePath}`] : []),
    ...(vmImage ? [`VM image: ${vmImage.signaturePath}`] : []),
  ];
  const checksums = [names.iso, names.vmImage].flatMap((name) =>
    name === undefined ? [] : [checksumName(name)],
  );
  return `LATTICRA OS IMAGE BUNDLE: READ THIS FIRST

Version      ${manifest.artifactVersion}
Built from   ${manifest.sourceCommit} (tag: ${manifest.sourceTag})
Built on     ${manifest.buildEnvironment}
USB image    ${names.iso ?? 'none in this bundle'}
${iso ? `             ${digest(iso)}\n` : ''}VM image     ${vmImage ? `${names.vmImage} (${vmImage.format})` : 'none in this bundle'}
${vmImage ? `             ${digest(vmImage)}\n` : ''}Signatures   ${signatures.join(', ')}

This folder is for review and testing. Nobody has claimed that what is in it is a finished operating system,
or ready to be installed on hardware that matters to you. Nothing in it runs by itself. Every command below
is run by you, in this folder, after you have read it. Those that begin with latticra come with the package of that
name: npm install --global latticra, which needs Node.js 20.19 or newer and nothing else. All others are of the system.

${keysProveNothing ? THROW_AWAY : ''}${chapters.map((chapter, index) => `${index + 1}. ${chapter}`).join('\n')}
THE FILES

   ${checksums.join(', ')}
       the checksum of one image each
   ${BUNDLE_FILE.manifest}
       what the images are, where they come from, what belongs to them
   ${[...new Set([iso?.sbomPath, vmImage?.sbomPath].filter((path) => path !== undefined))].join(', ')}
       what is in the images (SPDX 2.3)
   ${BUNDLE_FILE.report}
       what the tool that made this bundle said
${pageVersion === undefined ? '' : pageEntry(pageVersion)}${promotion === undefined ? '' : PROMOTION_ENTRY}${recordsEntry(records)}${verifiedBy === undefined ? '' : SIGNERS_ENTRY}   ${BUNDLE_FILE.checksums}
       checksums of all the files but itself
`;
}

const checkChapter = (digests: string) => `CHECK THAT NOTHING CHANGED ON THE WAY

     sha256sum -c --strict ${BUNDLE_FILE.checksums}          on Linux
     shasum -a 256 -c ${BUNDLE_FILE.checksums}               on macOS

   Every line must end in OK. If one does not, or a file is missing, stop and get the bundle again. Compare the
   ${digests} above with what its sender gives you by another way: a checksum file that came with
   the images proves that the copy is good, not who made it.
   ${BUNDLE_FILE.validation} shows what was checked when the bundle was made. To check it again:

     latticra-os-image-artifact-manifest-validate --artifact-manifest ${BUNDLE_FILE.manifest}
`;

const SIGNATURE_CHAPTER = `CHECK WHO MADE IT

   ${BUNDLE_FILE.checksumsSignature} is a signature of ${BUNDLE_FILE.checksums}. Check it by a list of keys that you have from
   its sender by another way: nothing that came with the images proves who made them.

     latticra-os-image-artifact-manifest-validate --artifact-manifest ${BUNDLE_FILE.manifest} --allowed-signers <your list>

   or, with OpenSSH alone:

     ssh-keygen -Y verify -f <your list> -I <the signer> -n latticra-os-image -s ${BUNDLE_FILE.checksumsSignature} < ${BUNDLE_FILE.checksums}
`;

const THROW_AWAY = `The keys that signed it were made for a rehearsal, all of them by one computer: its signatures and its review
prove nothing.

`;

const pageEntry = (version: string) => `   ${BUNDLE_FILE.page}
       all of it as one page, made by Latticra ${version}: what blocks the release first
`;

const PROMOTION_ENTRY = `   ${BUNDLE_FILE.promotion}/
       what the release was evaluated by: records of builds and boots, reviews, transcripts, attestations, the lists of keys, and the
       evaluation. ${PROMOTION_FILE.listing} lists them; an image that is named there lies beside this page, once.
`;

/** Says how the evaluation is made again, by the lists in the bundle and then by one of the reader's own. */
function promotionChapter(promotion: CarriedPromotion): string {
  const { held, total, verifyTime, reviews, hasAllowedSigners, hasRevokedKeys, hasPins } = promotion;
  const at = (name: string) => `${BUNDLE_FILE.promotion}/${name}`;
  const flags = [
    ...(reviews === undefined ? [] : [`--reviews ${at(reviews)}`]),
    ...(hasAllowedSigners ? [`--allowed-signers ${at(PROMOTION_FILE.allowedSigners)}`] : []),
    ...(hasRevokedKeys ? [`--revoked-keys ${at(PROMOTION_FILE.revokedKeys)}`] : []),
    ...(hasPins ? [`--pins ${at(PROMOTION_FILE.pins)}`] : []),
    ...(hasAllowedSigners ? [`--verify-time ${verifyTime}`] : []),
  ];
  return `SEE WHAT IT RESTS ON

   ${at(PROMOTION_FILE.evaluation)} says that ${held} of ${total} fields hold. Derive them again from what lies here:

     latticra-os-image-promotion-evaluate --evidence-dir . ${flags.join(' ')}

   It prints the same. Whose word counts, those lists say, which came with the images: to find out whether you trust the release, give
   lists of your own.
`;
}

const SIGNERS_ENTRY = `   ${BUNDLE_FILE.allowedSigners}
       the list by which the signatures of the images were verified when this bundle was made, with ${BUNDLE_FILE.revokedKeys}
       where there was one. It shows what was done. To find out whether you trust the images, use a list of your own.
`;

function recordsEntry({ all, signed }: RecordCount): string {
  if (all === 0) return '';
  const who =
    signed === 0
      ? 'whoever writes a record and its log so that they fit cannot be told without a signature, and there is none here.'
      : `whoever writes a record and its log so that they fit is told by the signature that is missing. ${signed} of the ${all}
       are signed, as record.txt.sig by the machine that booted; whose key that is, your list of allowed signers says:

     latticra-os-image-artifact-manifest-validate --artifact-manifest ${BUNDLE_FILE.manifest} --allowed-signers <list>
`;
  return `   ${BUNDLE_FILE.bootRecords}/
       records of boots of these images in virtual machines, a folder each: record.txt with what was asked and seen, beside
       it the command and what the guest said. ${BUNDLE_FILE.validation} lists them under [boot_evidence]. That
       command, log, outcome and image fit each other is checked again with the bundle. That the boots took place is not:
       ${who}
`;
}

const VM_CHAPTER = `TRY IT IN A VIRTUAL MACHINE

   ${BUNDLE_FILE.vmTest} holds the command, after "qemu_test_command=". It opens the image for reading only: what
   the guest writes to its disk is thrown away. The machine has no network, and what the guest says on its serial port goes to the file
   named there. End a machine that does not end by itself with Ctrl-C: nothing is lost.
   If vm_test_command_ready is 0, the firmware was not found on the machine that made this bundle. If yours
   lies elsewhere, change its path, or make the command anew with latticra-os-image-vm-test-command.
`;

const usbChapter = (iso: string) => `WRITE THE USB STICK

   Everything on the stick will be gone, and a wrong device name erases another disk.
   a. Read ${BUNDLE_FILE.recovery} now, not afterwards.
   b. Plug the stick in and find its name:  lsblk -o NAME,SIZE,MODEL,TRAN,RM,MOUNTPOINTS   (Linux)
                                            diskutil list external physical                (macOS)
      Compare size and model. Unplug it, look again, and see that it is this name that goes away.
   c. On Linux let the machine look at it too; the answer must say usb_write_command_ready=1:

     latticra-os-image-usb-write-command --iso ${quoteWord(iso)} --device <the stick>

   d. ${BUNDLE_FILE.usbLinux} and ${BUNDLE_FILE.usbMacos} hold the commands in order: pre_write_unmount_command,
      pre_write_check_command, usb_write_command, post_write_command, post_write_verify_command. Put the stick's name
      in the place of the placeholder, everywhere. Where they are withheld, device_blocked_next_step says what to do.
      If the check fails, somebody uses the stick: do not write.
      The last one compares the stick with the image: it reports a difference only when they do not agree.
`;

const WRONG_CHAPTER = `WHEN SOMETHING GOES WRONG

   ${BUNDLE_FILE.recovery} is the runbook. Keep it where you can read it without this machine.
`;
