// SPDX-License-Identifier: Apache-2.0
#include "worker/run_files.hpp"

#include <utility>

#include "net/off_loop.hpp"
#include "worker/foreground_work.hpp"

namespace ostler::worker {

namespace asio = boost::asio;
using plugin_host::BoxVerdict;
using plugin_host::ScratchDirectory;
using plugin_host::StepResources;

asio::awaitable<Result<StepResources>> unpack_resources(Cancellation& cancellation,
                                                        std::string parent, StepPlugin& plugin) {
  const UniqueFd packed = std::move(plugin.resources);
  const ForegroundWork foreground(cancellation);
  co_return co_await net::off_loop([&parent, &plugin, &packed, &foreground] {
    return StepResources::unpack(parent, plugin.plan.resources, packed.get(), foreground.stop());
  });
}

asio::awaitable<Result<void>> end_run_files(Cancellation& cancellation, ScratchDirectory scratch,
                                            StepResources resources, Result<BoxVerdict>& verdict) {
  const ForegroundWork foreground(cancellation);
  co_return co_await net::off_loop([&scratch, &resources, &verdict, &foreground] {
    const StepResources read = std::move(resources);
    if (verdict) read.judge(verdict.value(), foreground.stop());
    return scratch.remove();
  });
}

}  // namespace ostler::worker
