// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { releaseFixture, toolchainPreflightDocument } from '@latticra/manifest';
import { surveyImageTools } from '@latticra/toolchain';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-toolchain-preflight',
  version,
  summary: 'say which tools and which firmware an OS image build would find, and run none',
  details: `
Looks along PATH for the programs that make and boot OS images, and where QEMU would for OVMF and SeaBIOS, and
says what is there and whether it is enough. Runs none of them, installs nothing, writes nothing.`,
  examples: ['', '--json'],
  fixture: releaseFixture,
  flags: {},
  async run({ fixture, manifestPath, env }) {
    return toolchainPreflightDocument(manifestPath, fixture, surveyImageTools(env));
  },
});
