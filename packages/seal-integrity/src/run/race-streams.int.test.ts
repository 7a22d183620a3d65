// SPDX-License-Identifier: Apache-2.0
import { describeRaces } from '../../test/race.js';
import { STREAM_SCENARIOS } from '../../test/scenarios/streams.js';

describeRaces('reading back while it is changed', STREAM_SCENARIOS);
