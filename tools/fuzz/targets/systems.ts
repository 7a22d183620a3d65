// SPDX-License-Identifier: Apache-2.0

import { parseApkInstalled } from '../../../packages/sbom/src/root/apk.js';
import { readApkLicence } from '../../../packages/sbom/src/root/apk-licence.js';
import { readCopyright } from '../../../packages/sbom/src/root/copyright.js';
import { parseDpkgStatus, parseDpkgStatusFile } from '../../../packages/sbom/src/root/dpkg.js';
import { collectRecords, readSystem } from '../../../packages/sbom/src/root/index.js';
import { parseOsRelease } from '../../../packages/sbom/src/root/os-release.js';
import { parseExpression } from '../../../packages/sbom/src/spdx/expression.js';
import { createArchiveFeed } from '../../../packages/tar/src/index.js';
import { archive } from '../../../packages/tar/test/archive.js';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';
import { bytesOf } from './bytes.js';

const STANZA =
  'Package: dash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:0.5-2\nSource: dash (0.5)\n';
const DEP5 =
  'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: x\nLicense: GPL-2+ or Artistic, and Expat\n\nLicense: Artistic\n A text.\n .\n More.\n';
const APK = 'P:musl\nV:1-r2\nA:x86_64\nL:MIT AND BSD\no:musl\n\n';
const RELEASE = 'ID=debian\nVERSION_ID="12"\nNAME=\'a b\'\n';

/** Readers of what a root file system says of itself. */
export const systemTargets: readonly FuzzTarget[] = [
  {
    name: 'packageDatabases',
    seeds: () => [STANZA, DEP5, APK, RELEASE, `${STANZA}\n${STANZA.replace('amd64', 'i386')}`].map(bytesOf),
    words: [
      '\n\n',
      '\n ',
      'Status: ',
      'deinstall ok config-files',
      ' with OpenSSL exception',
      ' and/or ',
      ', or ',
    ],
    run({ text }) {
      unlessRefused(() => parseDpkgStatus(text, 'status'));
      unlessRefused(() => parseDpkgStatusFile(text, 'status.d'));
      unlessRefused(() => parseApkInstalled(text, 'installed'));
      unlessRefused(() => parseOsRelease(text, 'os-release'));
      for (const { expression } of [readCopyright(text, 'copyright'), readApkLicence(text, 'installed')]) {
        hold(
          expression === undefined || parseExpression(expression).problem === undefined,
          `${expression} is no expression`,
        );
      }
    },
  },
  {
    name: 'systemOfRoot',
    seeds: () => [
      archive(
        { name: 'etc/os-release', type: '2', link: '../usr/lib/os-release' },
        { name: 'usr/lib/os-release', content: RELEASE },
        { name: 'usr/share/doc/dash/copyright', content: DEP5 },
        { name: 'var/lib/dpkg/status', content: STANZA },
        { name: 'lib/apk/db/installed', content: APK },
      ),
    ],
    async run({ bytes }) {
      const records = collectRecords();
      const feed = createArchiveFeed(records);
      await feed.push(bytes);
      await feed.end();
      readSystem(records.finish());
    },
  },
];
