// SPDX-License-Identifier: Apache-2.0
import { COMMAND } from '../model/missing.js';
import type { EvidenceModel } from '../model/model.js';
import { absent, command, fileLink, section, word } from './bits.js';
import { type Html, html } from './html.js';

/** Writes what an operator types, in order, in the folder that was handed over. */
export function bundle({ bundles }: EvidenceModel): Html {
  const lead =
    'Three steps for whoever takes the release over. Nothing here runs by itself: each command is read first, and run by a person.';
  if (bundles.length === 0)
    return section('bundle', 'Take it over', lead, absent('No operator bundle.', COMMAND.bundle));
  return section(
    'bundle',
    'Take it over',
    lead,
    bundles.map(
      ({ source, folder, state, says, steps }) => html`<h3>In ${folder}</h3>
<p>${word(state, says)}</p>
<ol class="steps">${steps.map(
        ({ what, command: run }) => html`<li>${what}${command(run)}</li>
`,
      )}</ol>
<p class="small quiet">Said by ${fileLink(source)}</p>
`,
    ),
  );
}
