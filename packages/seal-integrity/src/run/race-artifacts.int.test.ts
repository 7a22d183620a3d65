// SPDX-License-Identifier: Apache-2.0
import { describeRaids } from '../../test/besieged.js';
import { ARTIFACT_RAIDS } from '../../test/raids/artifacts.js';

describeRaids('a run while what it writes is changed', ARTIFACT_RAIDS);
