// SPDX-License-Identifier: Apache-2.0
import { createHash, hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { layRelease, releaseTexts, write } from '../../test/folder.js';
import { type EvidenceModel, readEvidence, renderReport } from '../index.js';
import { MAX_PAGE_BYTES } from './render.js';

let folder = '';
let model: EvidenceModel;
let page = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-report-'));
  layRelease(folder);
  model = await readEvidence(folder);
  page = renderReport(model);
});
afterAll(() => rmSync(folder, { recursive: true }));

const filesOf = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const textOf = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const part = (id: string) => page.slice(page.indexOf(`<section id="${id}"`)).split('</section>')[0] ?? '';

it('every digest of a page is in a document, or of a file, or of the list of all files', () => {
  const known = new Set<string>();
  const list: string[] = [];
  for (const path of filesOf(folder)) {
    const bytes = readFileSync(path);
    known.add(hash('sha256', bytes));
    list.push(path);
    for (const [hex] of bytes.toString('latin1').matchAll(/[0-9a-f]{64}/g)) known.add(hex);
  }
  const sorted = list
    .map((path) => path.slice(folder.length + 1))
    .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  const all = createHash('sha256');
  for (const path of sorted) all.update(`${hash('sha256', readFileSync(join(folder, path)))}  ${path}\n`);
  known.add(all.digest('hex'));
  const shown = page.match(/\b[0-9a-f]{64}\b/g) ?? [];
  expect(shown.length).toBeGreaterThan(60);
  expect(shown.filter((hex) => !known.has(hex))).toEqual([]);
});

it('every file is on the page with its size and its digest', () => {
  const rows = part('files');
  for (const path of filesOf(folder)) {
    const bytes = readFileSync(path);
    const row = rows
      .split('<tr ')
      .find((text) => text.includes(`</span>${path.slice(folder.length + 1)}</th>`));
    expect(row, path).toContain(hash('sha256', bytes));
    if (bytes.length < 1024) expect(row, path).toContain(`>${bytes.length} bytes<`);
  }
  expect(textOf(page)).toContain(`${filesOf(folder).length} files`);
});

it('every boot is on the page with the time, the outcome and the parts of its record', () => {
  const boots = part('boots');
  for (const path of filesOf(folder).filter((each) => each.endsWith('record.txt'))) {
    const record = new Map(
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => line.split('=', 2) as [string, string]),
    );
    const number = (key: string) => Number(record.get(key));
    const seconds = (ms: number) => `${(Math.round(ms / 100) / 10).toFixed(1)} s`;
    const row = boots.split('<li>').find((text) => text.includes(`<span>${record.get('case')}</span>`)) ?? '';
    expect(row, path).toContain(`>${seconds(number('boot_duration_ms'))}</span>`);
    expect(row, path).toContain(record.get('outcome'));
    const own = boots.slice(boots.indexOf(`id="boot-${record.get('case')}"`));
    expect(textOf(own), path).toContain(`firmware ${seconds(number('phase_loader_ms'))}`);
    expect(textOf(own), path).toContain(`end at ${seconds(number('phase_end_ms'))}`);
  }
});

it('every package is on the page, and every licence is counted', () => {
  const sbom = JSON.parse(releaseTexts().get('release/sbom.spdx.json') ?? '') as {
    packages: { name: string; versionInfo: string; licenseDeclared: string }[];
  };
  const text = textOf(part('sbom'));
  const counts = new Map<string, number>();
  for (const { name, versionInfo, licenseDeclared } of sbom.packages) {
    expect(text).toContain(`${name} ${versionInfo} ${licenseDeclared}`);
    counts.set(licenseDeclared, (counts.get(licenseDeclared) ?? 0) + 1);
  }
  for (const [licence, count] of counts) expect(text).toContain(` ${licence} ${count} `);
  expect(text).toContain(`${sbom.packages.length} packages`);
});

it('every field of the evaluation is on the board as it says', () => {
  const board = part('board');
  for (const line of (releaseTexts().get('promotion-evaluation.txt') ?? '').split('\n')) {
    const [, key, flag] = /^(\w+)=([01])$/.exec(line) ?? [];
    if (key === undefined || !board.includes(`id="field-${key}"`)) continue;
    const row = textOf(board.slice(board.indexOf(`id="field-${key}"`)).split('</li>')[0] ?? '');
    expect(row, key).toContain(flag === '1' ? 'holds' : 'missing');
  }
  expect(board.match(/id="field-/g)).toHaveLength(20);
});

it('the same files give the same bytes, wherever they lie, in whichever order they were made, and in every time zone', async () => {
  const zone = process.env.TZ;
  const second = mkdtempSync(join(tmpdir(), 'other-'));
  try {
    const order = filesOf(folder)
      .map((path) => path.slice(folder.length + 1))
      .sort((one, other) => (hash('sha256', one) < hash('sha256', other) ? -1 : 1));
    for (const path of order) write(second, path, readFileSync(join(folder, path)));
    process.env.TZ = 'Pacific/Kiritimati';
    expect(renderReport(await readEvidence(second))).toBe(page);
  } finally {
    process.env.TZ = zone;
    if (zone === undefined) delete process.env.TZ;
    rmSync(second, { recursive: true });
  }
});

it('a page tells nothing of where it was made', () => {
  expect(page).not.toContain(folder);
  expect(page).not.toContain('/srv/');
  expect(page).not.toContain('/usr/bin');
});

it('every link leads to a place on the page, and every id is there once', () => {
  const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id ?? '');
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9_-]*$/);
  for (const [, target = ''] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
});

it('the page loads nothing, and its policy has the digests of its one style and its one script', () => {
  expect(page.match(/<style>/g)).toHaveLength(1);
  expect(page.match(/<script>/g)).toHaveLength(1);
  for (const tag of ['style', 'script']) {
    const content = page.split(`<${tag}>`)[1]?.split(`</${tag}>`)[0] ?? '';
    expect(page).toContain(`${tag}-src 'sha256-${createHash('sha256').update(content).digest('base64')}'`);
  }
  expect(page).not.toMatch(/https?:/);
});

it('a page of 800 boots and 10 000 packages has them all, below its limit', () => {
  const [boot] = model.boots.filter(({ state }) => state === 'good');
  const [sbom] = model.sboms;
  if (boot === undefined || sbom === undefined) throw new Error('the release has a boot and an SBOM');
  const boots = Array.from({ length: 800 }, (_, index) => ({
    ...boot,
    id: `boot-${index}`,
    name: `case-${index}`,
  }));
  const packages = Array.from({ length: 10_000 }, (_, index) => ({
    name: `package-${index}`,
    version: '1.2.3-1',
    licence: 'GPL-2.0-or-later',
    origin: `pkg:deb/debian/package-${index}@1.2.3-1`,
  }));
  const large = renderReport({ ...model, boots, sboms: [{ ...sbom, packages }] });
  expect(Buffer.byteLength(large)).toBeLessThan(6 << 20);
  expect(large).not.toContain('Left out');
  expect(large).toContain('package-9999');
  expect(large).toContain('case-799');
});

it('10 000 boots are told in groups, the failures before them, below the limit and with no link into nothing', () => {
  const boot = model.boots.find(({ state }) => state === 'good');
  const failure = model.boots.find(({ state }) => state === 'bad');
  if (boot === undefined || failure === undefined) throw new Error('the release has a boot and a failure');
  const source = (index: number) => ({ path: `r/${index}/record.txt`, sha256: hash('sha256', `${index}`) });
  const boots = [
    ...Array.from({ length: 120 }, (_, index) => ({
      ...failure,
      id: `bad-${index}`,
      name: `broke-${index}`,
    })),
    ...Array.from({ length: 9880 }, (_, index) => ({
      ...boot,
      id: `boot-${index}`,
      name: `case-${index}`,
      machine: `m-${index % 7}`,
      source: source(index),
    })),
  ];
  const row = model.files[0];
  if (row === undefined) throw new Error('the release has files');
  const files = Array.from({ length: 60_000 }, (_, index) => ({
    ...row,
    ...source(index),
    id: `file-${index}`,
    path: `r/${index}`,
  }));
  const large = renderReport({ ...model, wrong: [], boots, files });
  expect(Buffer.byteLength(large)).toBeLessThan(MAX_PAGE_BYTES);
  const at = (text: string) => large.indexOf(text);
  expect(at('class="case"')).toBeLessThan(at('class="groups"'));
  for (const index of [0, 49, 50, 119]) expect(large).toContain(`id="bad-${index}"`);
  expect(large.match(/<li>case-/g)).toHaveLength(9880);
  const table = textOf(large.slice(at('class="groups"')).split('</table>')[0] ?? '');
  expect(table).toContain('m-0 seabios 1 412 of 1 412 none');
  expect(table).toContain('0 of 120 120 not as expected unknown');
  expect(table.indexOf('0 of 120')).toBeLessThan(table.indexOf('m-0'));
  const ids = new Set([...large.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
  const targets = [...large.matchAll(/href="#([^"]*)"/g)].map(([, target]) => target);
  expect(targets.filter((target) => !ids.has(target))).toEqual([]);
  expect(textOf(large)).toContain('Left out');
  expect(large).toContain('package-1');
});

it('what was built again with the same result is told once, with each document that says so', () => {
  const [build] = model.builds;
  if (build === undefined) throw new Error('the release has a build');
  const again = { ...build, source: { path: 'again/build.txt', sha256: 'b'.repeat(64) } };
  const other = { ...again, details: [...build.details, { name: 'Loader', text: 'another' }] };
  const title = build.title.slice(1);
  const twice = textOf(renderReport({ ...model, builds: [build, again] }));
  expect(twice.split(title)[1]).toMatch(/^, 2 times with the same result/);
  expect(twice).toContain(', and by again/build.txt');
  expect(textOf(renderReport({ ...model, builds: [build, other] }))).not.toContain('with the same result');
});

it('10 000 boots that all fail make a page of less than 3 MiB, which tells the reasons and how many boots failed for each', () => {
  const failure = model.boots.find(({ state }) => state === 'bad');
  const [wrong] = model.wrong;
  if (failure === undefined || wrong === undefined) throw new Error('the release has a failure');
  const boots = Array.from({ length: 10_000 }, (_, index) => ({
    ...failure,
    id: `bad-${index}`,
    name: `broke-${index}`,
    reason: `the kernel said nothing, ${index % 3}`,
    source: { path: `r/${index}/record.txt`, sha256: hash('sha256', `${index}`) },
  }));
  const stops = Array.from({ length: 10_000 }, () => ({ ...wrong, to: 'boots' }));
  const page = renderReport({ ...model, wrong: stops, boots });
  expect(Buffer.byteLength(page)).toBeLessThan(3 << 20);
  const text = textOf(page);
  expect(text).toContain('9 750 more, by reason');
  expect(text).toContain('3 250 boots : the kernel said nothing, 2');
  expect(text).toContain('Wrong: 10 000');
  expect(text).toContain('9 950 more things are wrong');
  const ids = new Set([...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
  expect([...page.matchAll(/href="#([^"]*)"/g)].filter(([, target]) => !ids.has(target))).toEqual([]);
  const each = boots.map((boot, index) => ({ ...boot, reason: `reason ${index}` }));
  expect(textOf(renderReport({ ...model, wrong: [], boots: each }))).toContain(
    '9 650 more boots failed for still other reasons',
  );
});

it('boots are told by the type of the machine where machines have more names than a person reads', () => {
  const boot = model.boots.find(({ state }) => state === 'good');
  if (boot === undefined) throw new Error('the release has a boot');
  const boots = Array.from({ length: 3000 }, (_, index) => ({
    ...boot,
    id: `boot-${index}`,
    machine: `m-${index}`,
  }));
  const large = renderReport({ ...model, wrong: [], boots });
  expect(textOf(large)).toContain('pc-i440fx-7.2 seabios 3 000 of 3 000 none');
  const types = boots.map((each, index) => ({ ...each, machineType: `t-${index}` }));
  expect(textOf(renderReport({ ...model, wrong: [], boots: types }))).toContain(
    'all of them seabios 3 000 of 3 000',
  );
});

it('no line of a command ends behind a hyphen, and what is copied is the command', () => {
  const [command = ''] = /<pre class="run"><code>[^\n]*transcript-template.*?<\/pre>/.exec(page) ?? [];
  expect(command).toContain('<span>--kind</span>');
  expect(command.replace(/<[^>]*>/g, '')).toMatch(
    /^latticra-os-image-transcript-template --kind \w+ &gt; form\.txt$/,
  );
});

it('a page that would be too large says what it left out, and names where it lies', () => {
  const [sbom] = model.sboms;
  if (sbom === undefined) throw new Error('the release has an SBOM');
  const packages = Array.from({ length: 40_000 }, (_, index) => ({
    name: `package-${index}`,
    version: 'v'.repeat(120),
    licence: 'MIT',
    origin: 'o'.repeat(120),
  }));
  const large = renderReport({ ...model, sboms: [{ ...sbom, packages }] });
  expect(Buffer.byteLength(large)).toBeLessThan(MAX_PAGE_BYTES);
  expect(large).toContain('packages of the SBOMs');
  expect(textOf(large)).toContain('40 000 packages would make this page too large');
});

it('whatever stands in a model, no tag and no attribute comes of it', () => {
  const tagsOf = (text: string) =>
    (text.match(/<[a-z/][^>]*>/g) ?? [])
      .map((tag) => tag.replace(/"[^"]*"/g, '""'))
      .filter((tag) => !tag.startsWith('<wbr'));
  const swap = (value: unknown, to: string, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((each) => swap(each, to));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, swap(each, to, name)]));
    const isShown =
      typeof value === 'string' &&
      !/^(state|word|form|phase|how|kind|to|id|from|png|sha256|listSha256|attach|path|key|verdict)$/.test(
        key,
      );
    return isShown ? `x${to}` : value;
  };
  const plain = tagsOf(renderReport(swap(model, 'y') as EvidenceModel));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.constant('"><script>alert(1)</script>'),
        fc.constant("' onload='x"),
        fc.string({ unit: fc.constantFrom(...'<>&"\'=/x\u202e') }),
      ),
      (text) => {
        expect(tagsOf(renderReport(swap(model, `y${text}`) as EvidenceModel)).length).toBe(plain.length);
      },
    ),
    { numRuns: 12 },
  );
});
