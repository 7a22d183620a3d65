// SPDX-License-Identifier: Apache-2.0
import { type DocumentFile, type EvidenceFile, isDocument } from '../read/content.js';
import { lineOf } from '../read/document.js';
import { BUNDLE, USB_COMMAND, VM_COMMAND } from '../read/titles.js';
import type { BundleView } from './model.js';
import { checkSums } from './sums.js';

/** Makes the operator bundles of a folder, each with its commands in the order in which they are typed. */
export function gatherBundles(files: readonly EvidenceFile[]): BundleView[] {
  return files.flatMap((file): BundleView[] => {
    if (!isDocument(file, BUNDLE)) return [];
    const inside = files.filter(({ folder }) => folder === file.folder);
    const sums = inside.filter(({ name, content }) => name === 'SHA256SUMS' && content.kind === 'checksums');
    const checks = sums.map((list) => checkSums(files, list));
    const differ = checks.reduce((sum, check) => sum + check.differs.length + check.absent.length, 0);
    const same = checks.reduce((sum, check) => sum + check.same, 0);
    const first = (title: string, key: string) =>
      inside
        .filter((each): each is DocumentFile => isDocument(each, title))
        .map((each) => lineOf(each, key))
        .find((value) => value !== undefined);
    const steps = [
      {
        what: 'See that nothing changed on the way',
        command: sums.length === 0 ? undefined : 'sha256sum -c --strict SHA256SUMS',
      },
      { what: 'Try it in a virtual machine', command: first(VM_COMMAND, 'qemu_test_command') },
      {
        what: 'Write the USB stick, once its name stands in the place of the placeholder',
        command: first(USB_COMMAND, 'usb_write_command'),
      },
    ];
    return [
      {
        source: file,
        folder: file.folder === '' ? 'this folder' : file.folder,
        state: sums.length === 0 ? 'unknown' : differ === 0 ? 'good' : 'bad',
        says:
          sums.length === 0
            ? 'no SHA256SUMS beside it'
            : `${same} of ${same + differ} files as SHA256SUMS has them`,
        steps: steps.flatMap(({ what, command }) => (command === undefined ? [] : [{ what, command }])),
      },
    ];
  });
}
