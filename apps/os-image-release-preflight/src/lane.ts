// SPDX-License-Identifier: Apache-2.0
import { defineLane } from '@latticra/lane';
import { releaseFixture, releasePreflightDocument } from '@latticra/manifest';
import { findProgram } from '@latticra/toolchain';
import { version } from '../package.json';

export const lane = defineLane({
  bin: 'latticra-os-image-release-preflight',
  version,
  summary: 'say where the OS-image release lane stands, and change nothing',
  details: `
Reads the release fixture, checks that it claims nothing that was not reviewed, and reports each fact in it,
together with the tools that are on PATH. Runs none of them, writes nothing.`,
  examples: ['', '--json', '--manifest installer/manifests/latticra-os-image-release.toml'],
  fixture: releaseFixture,
  flags: {},
  async run({ fixture, manifestPath, env }) {
    return releasePreflightDocument(manifestPath, fixture, (tool) => findProgram(tool, env) !== undefined);
  },
});
