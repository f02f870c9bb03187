// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "artifact/search.hpp"

namespace CLI {
class App;
}

namespace ostler::cli {

/// `--build`, `--step` and `--include-retried-jobs`: among which artifacts a command looks.
void take_artifact_scope(CLI::App& app, artifact::SearchOptions& options);

}  // namespace ostler::cli
