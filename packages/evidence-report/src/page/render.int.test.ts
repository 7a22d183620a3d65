// SPDX-License-Identifier: Apache-2.0
/** The page in a real browser: what a person sees, what a screen reader is told, and what hostile values come to. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { describeWith, itWith } from '../../../../tools/testing/tools.js';
import { documentText, layRelease, SCREEN, sbomText, write } from '../../test/folder.js';
import { readEvidence, renderReport } from '../index.js';

const CHROMIUM = '/usr/bin/chromium';
const HOSTILE = `"><img src=x onerror=pwned()><script>pwned()</script><svg onload=pwned()>' onclick='pwned()' javascript:pwned() &lt;`;

let folder = '';
let browser: Browser;
let address = '';
let html = '';

describeWith([CHROMIUM], 'the page in Chromium', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'latticra-page-'));
    layRelease(join(folder, 'release'));
    html = renderReport(await readEvidence(join(folder, 'release')));
    writeFileSync(join(folder, 'report.html'), html);
    address = pathToFileURL(join(folder, 'report.html')).href;
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page, and gathers what it asks for and what it complains of. */
  async function open(options: Parameters<Browser['newPage']>[0] = {}, url = address) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options });
    const asked: string[] = [];
    const said: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    await page.goto(url);
    return { page, asked, said };
  }

  /** Returns the rules that the page breaks, with the elements. */
  async function broken(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    const found =
      await page.evaluate(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html).join(' ')))`);
    return found as string[];
  }

  itWith(
    [CHROMIUM],
    'no rule of accessibility is broken, at three widths and in both schemes, closed and open',
    async () => {
      const { page } = await open();
      const looks = [
        [360, 'light', false],
        [900, 'dark', false],
        [1400, 'light', false],
        [360, 'dark', true],
        [900, 'light', true],
        [1400, 'dark', true],
      ] as const;
      for (const [width, colorScheme, isOpen] of looks) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(
          `document.querySelectorAll('details').forEach((each) => { each.open = ${isOpen}; })`,
        );
        expect(await broken(page), `${colorScheme} ${width}`).toEqual([]);
      }
      await page.close();
    },
    60_000,
  );

  itWith(
    [CHROMIUM],
    'nothing is wider than its window, digests in full and folds open, and nothing is asked for or complained of',
    async () => {
      const { page, asked, said } = await open();
      await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
      for (const isWhole of [false, true]) {
        if (isWhole) await page.locator('#whole').check();
        for (const width of [320, 360, 600, 744, 900, 992, 1248, 1400, 1600]) {
          await page.setViewportSize({ width, height: 900 });
          const wide = await page.evaluate('document.documentElement.scrollWidth');
          expect(wide, `${width}`).toBeLessThanOrEqual(width);
        }
      }
      expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([address]);
      expect(said).toEqual([]);
      await page.close();
    },
  );

  itWith([CHROMIUM], 'the chain is drawn where there is room, and a list where there is none', async () => {
    const { page } = await open();
    expect([await page.locator('svg.chain').isVisible(), await page.locator('.rail').isVisible()]).toEqual([
      true,
      false,
    ]);
    await page.setViewportSize({ width: 360, height: 800 });
    expect([await page.locator('svg.chain').isVisible(), await page.locator('.rail').isVisible()]).toEqual([
      false,
      true,
    ]);
    await page.close();
  });

  itWith([CHROMIUM], 'the page says all the same without its script', async () => {
    const { page, said } = await open({ javaScriptEnabled: false });
    expect(await page.locator('h1').textContent()).toBe('demo-os 12.1');
    expect(await page.locator('.verdict strong').textContent()).toBe('Blocked');
    expect(await page.locator('.find').first().isVisible()).toBe(false);
    expect(await page.locator('button').count()).toBe(0);
    expect(await page.locator('#every-file tbody tr').count()).toBeGreaterThan(30);
    expect(said).toEqual([]);
    await page.close();
  });

  itWith(
    [CHROMIUM],
    'the keyboard reaches everything in order, and a link into a fold opens it',
    async () => {
      const { page } = await open();
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.className')).toBe('skip');
      await page.keyboard.press('Enter');
      // A browser follows a link within a page some time after the key or the click.
      await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main');
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(
          `document.activeElement.closest('#blocks') !== null && getComputedStyle(document.activeElement).outlineWidth`,
        ),
      ).toBe('3px');
      await page.locator('.matrix a', { hasText: /s/ }).first().click();
      await expect
        .poll(() => page.evaluate(`document.getElementById(location.hash.slice(1))?.open`))
        .toBe(true);
      await page.close();
    },
  );

  itWith([CHROMIUM], 'rows are found by words, and counted for those who do not see them', async () => {
    const { page } = await open();
    await page.getByLabel('Find boots').fill('usb Q35');
    expect(await page.locator('output[for=find-boot]').textContent()).toBe('2 of 9');
    expect(await page.locator('.boots > li:visible').count()).toBe(2);
    await page.getByLabel('Find boots').fill('');
    expect(await page.locator('.boots > li:visible').count()).toBe(9);
    await page.close();
  });

  itWith([CHROMIUM], 'a command is copied whole', async () => {
    const { page } = await open();
    const button = page.locator('#bundle .run button').first();
    await button.click();
    await expect.poll(() => page.locator('.said').textContent()).toMatch(/Copied|Selected/);
    expect(await button.getAttribute('aria-label')).toContain('sha256sum -c --strict SHA256SUMS');
    await page.close();
  });

  itWith(
    [CHROMIUM],
    'the page has no buttons, no contents and no closed folds on paper, and its colours of the day',
    async () => {
      const { page } = await open({ colorScheme: 'dark' });
      await page.emulateMedia({ media: 'print' });
      for (const hidden of ['nav', 'button', '.find', 'details:not([open])'])
        expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false);
      for (const shown of ['.verdict', '#blocks', 'svg.chain', '.fields', '#every-file', '.onpaper'])
        expect(await page.locator(shown).first().isVisible(), shown).toBe(true);
      expect(await page.evaluate('getComputedStyle(document.querySelector("h1")).color')).toBe(
        'rgb(25, 29, 34)',
      );
      await page.close();
    },
  );

  itWith([CHROMIUM], 'every state is still seen with forced colours', async () => {
    const { page } = await open({ forcedColors: 'active' });
    const colours = await page.evaluate(
      `[...document.querySelectorAll('.verdict .mark, .values .mark')].map((each) => getComputedStyle(each).color !== getComputedStyle(document.body).backgroundColor)`,
    );
    expect(colours).toEqual(Array(7).fill(true));
    await page.close();
  });

  itWith([CHROMIUM], 'hostile values run nothing and load nothing, wherever they stand', async () => {
    const hostile = join(folder, 'hostile');
    layRelease(hostile, (texts) => {
      for (const [path, text] of [...texts]) {
        if (path === 'release/sbom.spdx.json')
          texts.set(
            path,
            sbomText()
              .replaceAll('"b-package-0"', JSON.stringify(HOSTILE))
              .replaceAll('"demo-os-12.1"', JSON.stringify(HOSTILE)),
          );
        else if (text.startsWith('LATTICRA') && !path.startsWith('operator-bundle'))
          texts.set(
            path,
            text.replace(
              /^(reason|reviewer|artifact_version|source_tag|build_environment|command_line|build_id|failure_000001|mode|iso_build_command|[a-z_]+_evidence)=.*$/gm,
              `$1=${HOSTILE}`,
            ),
          );
      }
      texts.set(
        `names/${HOSTILE.replaceAll('/', '')}.txt`,
        documentText('LATTICRA SOMETHING', { x: HOSTILE }),
      );
    });
    write(hostile, 'boot-records/iso_cdrom_pc-bios/serial.log', `${HOSTILE}\r\n`);
    const page = renderReport(await readEvidence(hostile));
    expect(page).toContain('&lt;script&gt;pwned()');
    writeFileSync(join(folder, 'hostile.html'), page);
    const { page: shown, asked, said } = await open({}, pathToFileURL(join(folder, 'hostile.html')).href);
    expect(await shown.locator('script').count()).toBe(1);
    expect(
      await shown.evaluate(
        `[...document.querySelectorAll('*')].some((each) => [...each.attributes].some(({ name }) => /^on|^style$|^srcdoc$/.test(name)))`,
      ),
    ).toBe(false);
    expect(asked.filter((url) => !url.startsWith('data:'))).toHaveLength(1);
    expect(said).toEqual([]);
    await shown.close();
  });

  itWith(
    [CHROMIUM],
    'the policy would let nothing run and nothing load, even if the escaping were gone',
    async () => {
      let requests = 0;
      const server = createServer((_, response) => {
        requests++;
        response.end();
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      const outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const attacks = [
        '<script>document.title = "pwned"</script>',
        '<img src="x" onerror="document.title = \'pwned\'">',
        '<svg onload="document.title = \'pwned\'"></svg>',
        '<iframe srcdoc="<script>top.document.title = 1</script>"></iframe>',
        `<img src="${outside}x.png"><link rel="stylesheet" href="${outside}x.css">`,
        `<p style="background:url(${outside}y.png)">x</p><base href="${outside}">`,
        '<a id="js" href="javascript:document.title = \'pwned\'">x</a>',
        `<form action="${outside}"><button id="send">x</button></form>`,
      ];
      writeFileSync(join(folder, 'raw.html'), html.replace('<h1>', `${attacks.join('')}<h1>`));
      const { page } = await open({}, pathToFileURL(join(folder, 'raw.html')).href);
      await page.evaluate(`document.getElementById('js').click()`);
      await page.evaluate(`document.getElementById('send').click()`);
      await page.waitForTimeout(200);
      expect(await page.evaluate('document.title')).toContain('Blocked');
      server.close();
      expect(requests).toBe(0);
      await page.close();
    },
  );

  itWith([CHROMIUM], 'a screen of a boot is shown as it was', async () => {
    const screens = join(folder, 'screens');
    layRelease(screens);
    write(screens, 'boot-records/iso_usb_q35-uefi/screenshot.png', SCREEN);
    const record = join(screens, 'boot-records/iso_usb_q35-uefi/record.txt');
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256').update(SCREEN).digest('hex');
    writeFileSync(
      record,
      readFileSync(record, 'utf8')
        .replace('screenshot_path=none', 'screenshot_path=screenshot.png')
        .replace('screenshot_sha256=none', `screenshot_sha256=sha256:${digest}`),
    );
    writeFileSync(join(folder, 'screens.html'), renderReport(await readEvidence(screens)));
    const { page, said } = await open({}, pathToFileURL(join(folder, 'screens.html')).href);
    const image = page.locator('figure img').first();
    expect(
      await image.evaluate((element) => [
        (element as unknown as { naturalWidth: number }).naturalWidth,
        (element as unknown as { complete: boolean }).complete,
      ]),
    ).toEqual([320, true]);
    expect(said).toEqual([]);
    await page.close();
  });
});
