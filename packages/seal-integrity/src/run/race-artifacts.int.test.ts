// SPDX-License-Identifier: Apache-2.0
import { describeRaces } from '../../test/race.js';
import { ARTIFACT_SCENARIOS } from '../../test/scenarios/artifacts.js';

describeRaces('a run while what it writes is changed', ARTIFACT_SCENARIOS);
