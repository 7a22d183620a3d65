// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSbom } from '@latticra/sbom';
import { describe, expect } from 'vitest';
import { tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { lane } from './lane.js';

/** What the copyright files of packages that every Debian 12 has come to, read by a person. */
const LICENCES = {
  apt: 'GPL-2.0-or-later AND GPL-2.0-only AND BSD-3-Clause AND MIT',
  grep: 'GPL-3.0-or-later',
  hostname: 'GPL-2.0-only',
  'init-system-helpers': 'BSD-3-Clause AND GPL-2.0-or-later',
  libacl1: 'GPL-2.0-or-later AND LGPL-2.0-or-later',
  libattr1: 'GPL-2.0-or-later AND LGPL-2.0-or-later',
  libcap2: '(BSD-3-Clause OR GPL-2.0-only) AND (BSD-3-Clause OR GPL-2.0-or-later)',
  'liblz4-1': 'BSD-2-Clause AND GPL-2.0-or-later AND (GPL-2.0-or-later OR BSD-2-Clause)',
  libseccomp2: 'LGPL-2.1-only',
  libzstd1: '(BSD-3-Clause OR GPL-2.0-only) AND Zlib AND MIT',
  'sysvinit-utils': 'GPL-2.0-or-later AND GPL-3.0-only AND GPL-2.0-only',
  zlib1g: 'Zlib',
};

describe(lane.bin, () => {
  itWith(
    ['tar', 'dpkg-query', '/usr/lib/os-release'],
    'the document of a real system names the packages that dpkg names, in the same versions and architectures',
    async () => {
      const cwd = await mkdtemp(join(tmpdir(), 'sbom-'));
      try {
        const root = join(cwd, 'root.tar');
        const parts = ['var/lib/dpkg/status', 'etc/os-release', 'usr/lib/os-release', 'usr/share/doc'];
        execFileSync('tar', ['-C', '/', '-cf', root, '--exclude=*.gz', ...parts]);
        const { status, stdout, stderr } = await tryLane(
          lane,
          ['--rootfs', root, '--source-commit', 'unknown'],
          { cwd },
        );
        expect([status, stderr]).toEqual([0, '']);
        const { document, findings } = checkSbom(stdout);
        expect(findings).toEqual([]);
        const listed = (document?.packages ?? []).flatMap(
          ({ name, versionInfo, externalRefs: [reference] = [] }) => {
            const [, architecture] =
              /^pkg:deb\/.*\?arch=([a-z0-9-]+)&/.exec(reference?.referenceLocator ?? '') ?? [];
            return architecture === undefined ? [] : [`${name} ${versionInfo} ${architecture} installed`];
          },
        );
        const fields = ['Package', 'Version', 'Architecture', 'db:Status-Status'];
        const format = `${fields.map((field) => `$\{${field}}`).join(' ')}\n`;
        const installed = execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8' });
        expect(listed.sort()).toEqual(
          installed
            .split('\n')
            .filter((line) => / installed$/.test(line))
            .sort(),
        );
        const declared = Object.fromEntries(
          (document?.packages ?? []).map(({ name, licenseDeclared }) => [name, licenseDeclared]),
        );
        expect(declared).toMatchObject(LICENCES);
      } finally {
        await rm(cwd, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
