// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/pipeline_definition.hpp"

namespace ostler::model {

/// Two layers of one environment as one: the upper one's value wins, in the lower one's place.
Variables overlaid(Variables lower, const Variables& upper);

}  // namespace ostler::model
