// SPDX-License-Identifier: Apache-2.0
#include "worker/run_files.hpp"

#include <utility>

#include "worker/off_loop.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using plugin_host::BoxVerdict;
using plugin_host::ScratchDirectory;
using plugin_host::StepResources;

asio::awaitable<Result<StepResources>> unpack_resources(std::string parent, StepPlugin& plugin) {
  const UniqueFd packed = std::move(plugin.resources);
  co_return co_await off_loop([&parent, &plugin, &packed] {
    return StepResources::unpack(parent, plugin.plan.resources, packed.get());
  });
}

asio::awaitable<Result<void>> end_run_files(ScratchDirectory scratch, StepResources resources,
                                            Result<BoxVerdict>& verdict) {
  co_return co_await off_loop([&scratch, &resources, &verdict] {
    const StepResources read = std::move(resources);
    if (verdict) read.judge(verdict.value());
    return scratch.remove();
  });
}

}  // namespace ostler::worker
