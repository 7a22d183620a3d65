// SPDX-License-Identifier: Apache-2.0

/**
 * The script of a page: buttons that copy, fields that find rows, and folds that open where a link leads into them. Without it the page
 * says all the same. It writes text alone, never markup.
 */
export const SCRIPT = `'use strict';
const said = document.querySelector('.said');
const say = (text) => { said.textContent = text; clearTimeout(say.timer); say.timer = setTimeout(() => { said.textContent = ''; }, 2000); };
for (const place of document.querySelectorAll('.run')) {
  const button = document.createElement('button');
  const code = place.querySelector('code');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', 'Copy the command ' + code.textContent.slice(0, 60));
  button.addEventListener('click', async () => {
    try { await navigator.clipboard.writeText(code.textContent); say('Copied'); }
    catch {
      getSelection().selectAllChildren(code);
      say(document.execCommand('copy') ? 'Copied' : 'Selected: press Ctrl+C');
    }
  });
  place.append(button);
}
for (const find of document.querySelectorAll('.find')) {
  const input = find.querySelector('input');
  const output = find.querySelector('output');
  const rows = [...document.querySelectorAll(find.dataset.rows)];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  find.hidden = false;
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const fits = words.every((word) => texts[index].includes(word));
      row.hidden = !fits;
      if (fits) shown++;
    });
    output.textContent = words.length === 0 ? '' : shown + ' of ' + rows.length;
  });
}
const open = () => {
  const target = document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let each = target; each; each = each.parentElement) if (each.tagName === 'DETAILS') each.open = true;
  target.scrollIntoView();
};
addEventListener('hashchange', open);
open();
`;
