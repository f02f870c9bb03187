// SPDX-License-Identifier: Apache-2.0
#include "cli/run_with_server.hpp"

#include "agent_client/transport_from_environment.hpp"
#include "cli/exit.hpp"
#include "cli/server_flags.hpp"

namespace ostler::cli {
namespace {

/// Looks for the server at the first call, so that `--help` and wrong usage need none.
class LateTransport final : public agent_client::Transport {
 public:
  explicit LateTransport(agent_client::Route route) : route_(route) {}

  Result<agent_client::ApiAnswer> call(const agent_client::ApiCall& call) override {
    if (!transport_) {
      OSTLER_TRY(transport_, agent_client::transport_from_environment(route_));
    }
    return transport_->call(call);
  }

 private:
  agent_client::Route route_;
  std::unique_ptr<agent_client::Transport> transport_;
};

}  // namespace

int run_with_server(RunWithServer command, Arguments arguments) {
  using agent_client::Route;
  LateTransport transport(names_a_server(arguments) ? Route::Http : Route::JobSocketFirst);
  if (const auto taken = take_server_flags(arguments); !taken) return fail(taken.error());
  return command(arguments, transport);
}

}  // namespace ostler::cli
