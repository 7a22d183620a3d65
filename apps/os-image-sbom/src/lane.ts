// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { readEpoch } from '@latticra/boot-seed';
import { bytesIn, readStableFile, writeFileAtomic } from '@latticra/held-files';
import { assertOtherFile, defineLane, LaneError } from '@latticra/lane';
import { currentCommit, releaseFixture } from '@latticra/manifest';
import { formatCreated, formatSbom, isSpdxTime, MAX_SBOM_BYTES } from '@latticra/sbom';
import { addImages, measureArtifact, measureRoot, systemSbom, systemWarnings } from '@latticra/sbom/root';
import { version } from '../package.json';

const BIN = 'latticra-os-image-sbom';
const IMAGES = ['iso', 'vm-image', 'kernel', 'initramfs', 'efi'] as const;

export const lane = defineLane({
  bin: BIN,
  version,
  summary: 'write the SPDX 2.3 document of an operating system and its images',
  details: `
Reads the root of a system, as the tar that it is made from, without unpacking it, and prints the SPDX 2.3 document that lists
the packages which dpkg or apk installed in it: version, package URL, source package and licence. The images named beside it
are looked into, measured and said to contain that system. Licences are SPDX identifiers where they are sure, else the text
that the package came with, else NOASSERTION with the reason. With --add-images the document of another tool is printed
again, with the images in it. The same files give the same document.`,
  examples: [
    '--rootfs rootfs.tar --iso latticra-x86_64.iso --vm-image latticra-x86_64.qcow2 --output sbom.spdx.json',
    '--add-images syft.spdx.json --iso latticra-x86_64.iso',
  ],
  fixture: releaseFixture,
  flags: {
    rootfs: { value: 'path', placeholder: 'tar|tar.gz', help: 'the root file system' },
    'add-images': {
      value: 'path',
      placeholder: 'spdx.json',
      help: "list the images in this document of another tool, in place of a root's packages",
    },
    iso: { value: 'path', help: 'the ISO image' },
    'vm-image': { value: 'path', help: 'the disk image of a virtual machine, qcow2 or raw' },
    kernel: { value: 'path', help: 'the kernel' },
    initramfs: { value: 'path', help: 'the initramfs' },
    efi: { value: 'path', help: 'the unified kernel image' },
    'artifact-version': {
      value: 'text',
      insteadOf: 'version',
      default: 'local-candidate',
      help: 'what this release is called',
    },
    'source-commit': {
      value: 'text',
      help: 'commit it was built from (default: the one checked out here, else unknown)',
    },
    created: {
      value: 'text',
      placeholder: 'time',
      help: 'YYYY-MM-DDThh:mm:ssZ (default: SOURCE_DATE_EPOCH, else 1970-01-01T00:00:00Z)',
    },
    output: { value: 'path', placeholder: 'file', help: 'write the document here (default: stdout)' },
  },
  async run({ flags, cwd, env, progress, warn }) {
    const { rootfs, 'add-images': other } = flags;
    if ((rootfs === undefined) === (other === undefined)) {
      throw new LaneError('usage', 'expected --rootfs or --add-images, one of the two', {
        fix: 'name the root file system, or the document that another tool made of it',
      });
    }
    const created = flags.created ?? formatCreated(readEpoch(env));
    if (!isSpdxTime(created)) {
      throw new LaneError(
        'usage',
        `--created: expected YYYY-MM-DDThh:mm:ssZ, found ${JSON.stringify(created)}`,
      );
    }
    const given = IMAGES.flatMap((artifact) => {
      const path = flags[artifact];
      return path === undefined ? [] : [{ artifact, path: resolve(cwd, path) }];
    });
    if (other !== undefined && given.length === 0) {
      throw new LaneError('usage', '--add-images: expected an image to add', {
        fix: 'name one with --iso or --vm-image',
      });
    }
    const output = flags.output === undefined ? undefined : resolve(cwd, flags.output);
    const input = resolve(cwd, rootfs ?? other ?? '');
    if (output !== undefined) await assertOtherFile(output, [input, ...given.map(({ path }) => path)]);
    const tool = { name: BIN, version };
    const images = [];
    for (const { artifact, path } of given) {
      images.push(
        await progress.track(
          `measuring ${path}`,
          (onBytes) => measureArtifact(artifact, path, onBytes),
          () => bytesIn(path),
        ),
      );
    }
    const write = async (text: string) => {
      if (output === undefined) return { text, json: text };
      await writeFileAtomic(output, text);
      return { text: '', json: '' };
    };
    if (other !== undefined) {
      const { bytes } = await readStableFile(input, { maxBytes: MAX_SBOM_BYTES });
      return write(formatSbom(addImages({ text: bytes, images, tool })));
    }
    const root = await progress.track(
      'reading the root',
      (onBytes) => measureRoot(input, onBytes),
      () => bytesIn(input),
    );
    for (const warning of systemWarnings(root.system)) warn(warning);
    const document = systemSbom({
      system: root.system,
      artifacts: [...images, root.artifact],
      artifactVersion: flags['artifact-version'],
      sourceCommit: flags['source-commit'] ?? (await currentCommit(cwd, env)),
      created,
      tool,
    });
    return write(formatSbom(document));
  },
});
