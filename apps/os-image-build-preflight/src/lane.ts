// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import {
  buildPreflightDocument,
  inspectTracked,
  measureTracked,
  releaseFixture,
  surveyBuildInputs,
} from '@latticra/manifest';
import { surveyImageTools } from '@latticra/toolchain';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-build-preflight',
  version,
  summary: 'say what an OS image build would find and run, and run nothing',
  details: `
Looks for the inputs of an OS image and for the tools, and shows the commands that a build would consist of.
Where there is an input bundle manifest it is checked as latticra-os-image-input-bundle-validate does, and that
it is about these files. What is missing is listed and is no error. Runs nothing, writes nothing.`,
  examples: [
    '',
    '--kernel vmlinuz --initramfs initrd.img --rootfs rootfs.tar.gz --input-manifest inputs.txt',
  ],
  fixture: releaseFixture,
  flags: {
    'input-manifest': {
      value: 'path',
      default: 'build/os-image/input-bundle.txt',
      help: 'the input bundle manifest',
    },
    kernel: { value: 'path', default: 'build/os-image/kernel', help: 'the kernel image' },
    initramfs: {
      value: 'path',
      default: 'build/os-image/initramfs.img',
      help: 'the initial RAM file system',
    },
    rootfs: {
      value: 'path',
      default: 'build/os-image/rootfs.tar',
      help: 'the root file system, a tar or tar.gz archive',
    },
    'allow-outside': {
      value: 'none',
      help: "take files outside of the manifest's folder as well",
    },
    'output-dir': {
      value: 'path',
      placeholder: 'folder',
      default: 'artifacts/os-images/local-candidate',
      help: 'where the images would go',
    },
  },
  async run({ flags, fixture, manifestPath, cwd, env, progress }) {
    const paths = {
      inputManifest: flags['input-manifest'],
      kernel: flags.kernel,
      initramfs: flags.initramfs,
      rootfs: flags.rootfs,
      outputDir: flags['output-dir'],
    };
    const inputs = await surveyBuildInputs(paths, {
      cwd,
      measure: measureTracked(progress),
      inspect: inspectTracked(progress),
      allowOutside: flags['allow-outside'],
    });
    return buildPreflightDocument(manifestPath, fixture, inputs, surveyImageTools(env));
  },
});
