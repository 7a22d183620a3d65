// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { caseNames, createNodesV2 } from '../nx.mjs';
import { matrixCases, parseMatrix } from '../src/index.js';
import { MATRIX } from './record.js';

const FILE = 'tools/boot-matrix/boot-matrix.toml';
const SHIPPED = fileURLToPath(new URL('../../../tools/boot-matrix/boot-matrix.toml', import.meta.url));
const ROOT = SHIPPED.slice(0, -FILE.length);

/** Returns what Nx is told of the projects of these matrices, by the folder of each. */
async function projectsOf(files: string[], workspaceRoot: string, options = {}) {
  const [, create] = createNodesV2;
  const context = { workspaceRoot, nxJsonConfiguration: {} };
  const results = await create(files, { dependsOn: ['images'], command: 'x', ...options }, context);
  return Object.assign({}, ...results.map(([, { projects }]) => projects)) as NonNullable<
    (typeof results)[0][1]['projects']
  >;
}

describe('the plugin for Nx', () => {
  it('the Nx plugin makes a target of every case, by the same name', () => {
    const text = readFileSync(SHIPPED, 'utf8');
    for (const each of [text, MATRIX]) {
      expect(caseNames(each)).toEqual(matrixCases(parseMatrix(each, '/')).map(({ name }) => name));
    }
    expect(caseNames(text)).toHaveLength(32);
  });

  it('the Nx plugin gives each case its record as an output, and what it depends on as inputs', async () => {
    const { targets } = (await projectsOf([FILE], ROOT))['tools/boot-matrix'] ?? {};
    const records = 'build/boot-matrix/records/tools/boot-matrix';
    expect(targets?.['case-grub-iso_usb_ovmf-4m']).toEqual({
      command: `x run --matrix ${FILE} --case grub-iso_usb_ovmf-4m --output-dir ${records}`,
      cache: true,
      dependsOn: ['images'],
      inputs: [
        `{workspaceRoot}/${FILE}`,
        { dependentTasksOutputFiles: '**/*' },
        { runtime: 'node packages/boot-cases/outside-inputs.mjs' },
      ],
      outputs: [`{workspaceRoot}/${records}/grub-iso_usb_ovmf-4m`],
    });
    expect(targets?.cases?.dependsOn).toHaveLength(32);
  });

  it('the Nx plugin keeps the records of two projects apart, also where their cases have the same names', async () => {
    const root = mkdtempSync(join(tmpdir(), 'latticra-nx-'));
    try {
      const folders = ['.', 'images/kiosk', "images/the king's"];
      for (const folder of folders) {
        mkdirSync(join(root, folder), { recursive: true });
        writeFileSync(join(root, folder, 'boot-matrix.toml'), MATRIX);
      }
      const files = ['boot-matrix.toml', ...folders.slice(1).map((folder) => `${folder}/boot-matrix.toml`)];
      const projects = await projectsOf(files, root, { records: 'out' });
      const targets = folders.map((folder) => projects[folder]?.targets?.['case-iso_usb_bios']);
      expect(targets.map((target) => target?.outputs)).toEqual([
        ['{workspaceRoot}/out/iso_usb_bios'],
        ['{workspaceRoot}/out/images/kiosk/iso_usb_bios'],
        ["{workspaceRoot}/out/images/the king's/iso_usb_bios"],
      ]);
      expect(targets.map((target) => target?.command?.replace(/.*--output-dir /, ''))).toEqual([
        'out',
        'out/images/kiosk',
        "'out/images/the king'\\''s'",
      ]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it.each([
    ['has no images', 'machines = {}', /images: expected a table/],
    ['has an empty table of images', `${MATRIX.split('[images')[0]}[images]`, /images: expected a table/],
    ['attaches an image in a list of no ways', MATRIX.replace('["disk"]', '[]'), /images\.disk\.attach: /],
    ['has no machines', '[images.a]\nattach = ["usb"]', /machines: expected a table/],
    ['attaches an image in no way', MATRIX.replace('attach = ["disk"]', ''), /images\.disk\.attach: /],
    [
      'has a name that leaves the folder',
      MATRIX.replace('images.iso', 'images."../x"'),
      /"\.\.\/x_cdrom_bios"/,
    ],
    ['has a name that is a command', MATRIX.replace('images.iso', 'images."a;b"'), /"a;b_cdrom_bios"/],
  ])('the Nx plugin refuses a matrix that %s', (_, text, reason) => {
    expect(() => caseNames(text)).toThrow(reason);
  });
});
