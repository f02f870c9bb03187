// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>

#include "cli/exit.hpp"
#include "cli/options.hpp"
#include "cli/person_directories.hpp"
#include "cli/run_functions.hpp"

namespace ostler::cli {
namespace {

/// "127.0.0.1:7450", "[::1]:7450" or ":7450" (every address of this machine).
Result<void> read_address(std::string text, hub::HubOptions& options) {
  const std::size_t colon = text.rfind(':');
  const std::string port = colon == text.npos ? "" : text.substr(colon + 1);
  const char* end = port.data() + port.size();
  const auto [stop, fault] = std::from_chars(port.data(), end, options.port);
  if (port.empty() || fault != std::errc() || stop != end) {
    return Error(Errc::UserFault,
                 "hub: --listen wants an address and a port such as 127.0.0.1:7450, not " + text);
  }
  options.host = text.substr(0, colon);
  if (options.host.starts_with('[') && options.host.ends_with(']')) {
    options.host = options.host.substr(1, options.host.size() - 2);
  }
  if (options.host.empty()) options.host = "0.0.0.0";
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
