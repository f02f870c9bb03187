// SPDX-License-Identifier: Apache-2.0
#include "agent_client/transport_from_environment.hpp"
#include "cli/exit.hpp"
#include "cli/meta_data.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {

int run_meta_data(const Arguments& arguments) {
  using agent_client::Route;
  auto transport = agent_client::transport_from_environment(
      names_a_server(arguments) ? Route::Http : Route::JobSocketFirst);
  if (!transport) return fail(transport.error());
  return meta_data(arguments, *transport.value());
}

}  // namespace ostler::cli
