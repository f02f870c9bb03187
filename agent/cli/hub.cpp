// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/person_directories.hpp"
#include "cli/run_functions.hpp"
#include "net/listen_address.hpp"

namespace ostler::cli {
namespace {

Result<void> read_address(const std::string& text, hub::HubOptions& options) {
  auto address = net::parse_listen_address(text);
  if (!address) return std::move(address).error().with_context("hub: --listen");
  options.host = std::move(address.value().host);
  options.port = address.value().port;
  return success();
}

}  // namespace

int run_hub(const Arguments& arguments) {
  hub::HubOptions options;
  std::string address = "127.0.0.1:7450";
  std::string data_path = state_home() / "hub";
  CLI::App app("Runs the control plane: builds, jobs, agents and both APIs", "hub");
  app.add_option("--listen", address, "address and port to serve; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--data-path", data_path, "directory of everything the hub keeps")
      ->capture_default_str();
  app.add_option("--public-url", options.public_url,
                 "base of the URLs that agents and people are given, when it is not the address");
  app.add_option("--org", options.organization,
                 "slug of the organization that the first start makes; default: ostler");
  if (const auto ended = read_options(app, arguments)) return *ended;
  if (const auto read = read_address(address, options); !read) return fail(read.error());
  options.data_path = data_path;
  const auto outcome = hub::run_hub(
      options, [](const std::string& url) { std::cout << "listening on " << url << std::endl; });
  return outcome ? kExitOk : fail(outcome.error());
}

}  // namespace ostler::cli
