// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "hub/blocking_pool.hpp"
#include "model/pipeline.hpp"

namespace ostler::rest_api {

/// The steps of pipelines as REST sums them up. YAML is read on the blocking threads, and what was
/// read lately is remembered: people poll. Thread-safe.
class StepSummaries {
 public:
  /// Bytes that are remembered; when there would be more, everything is forgotten.
  static constexpr std::size_t kMostBytes = 16u << 20;

  /// `threads` outlives this.
  explicit StepSummaries(hub::BlockingPool& threads) : threads_(threads) {}

  /// A JSON array; empty for a configuration that can only be read with a build's environment.
  boost::asio::awaitable<Result<std::string>> of(const model::Pipeline& pipeline);

 private:
  struct Summary {
    std::size_t fingerprint = 0;  ///< of what it was made from
    std::string steps;
  };
  struct Known {
    std::unordered_map<PipelineId, Summary> summaries;
    std::size_t bytes = 0;
  };

  void remember(PipelineId pipeline, Summary summary);

  hub::BlockingPool& threads_;
  Guarded<Known> known_;
};

}  // namespace ostler::rest_api
