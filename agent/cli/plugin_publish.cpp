// SPDX-License-Identifier: Apache-2.0
// `ostler plugin publish`: a step plugin for all agents of a hub.
#include <CLI/CLI.hpp>

#include "cli/client_access.hpp"
#include "cli/exit.hpp"
#include "cli/hub_client.hpp"
#include "cli/options.hpp"
#include "cli/plugin_place.hpp"
#include "cli/plugin_source.hpp"
#include "cli/run_functions.hpp"
#include "console/terminal.hpp"
#include "plugin_host/bundle_signature.hpp"
#include "plugin_host/lock_file.hpp"
#include "plugin_host/plugin_install.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using plugin_host::Bundle;

namespace {

constexpr const char* kPublishExamples =
    "Examples:\n"
    "  ostler plugin publish build/greet\n"
    "  ostler plugin publish greet-1.0.0.tar.gz --url https://ci.example.com --org acme\n";

struct PublishOptions {
  ClientFlags client;
  std::string source;
  std::string platform;
  bool as_json = false;
};

Result<net::HttpResponse> send_archive(const HubClient& hub, const fs::path& archive,
                                       const std::string& platform) {
  net::HttpRequest request = hub.request_to("/plugins?platform=" + platform);
  request.method = "POST";
  request.headers.emplace_back("Content-Type", "application/octet-stream");
  std::error_code error;
  request.body = net::FileBody{archive, 0, fs::file_size(archive, error)};
  request.total_timeout = std::chrono::milliseconds(0);
  auto answer = net::BlockingHttpClient().send(request);
  if (!answer) return hub.silence(request, answer.error());
  if (!answer.value().ok()) return hub.refusal(request, answer.value());
  return answer;
}

Result<void> publish(const PublishOptions& options) {
  OSTLER_TRY(const auto scratch, make_scratch_directory());
  OSTLER_TRY(const Bundle bundle, open_plugin_source(options.source, scratch.path()));
  // The hub looks at the archive too; only here can its shared object be looked at.
  OSTLER_TRY(plugin_host::check_files(bundle));
  const std::string stale = plugin_host::fault_of_signature(bundle);
  if (!stale.empty()) return plugin_host::faulty(bundle.manifest, {stale});
  OSTLER_TRY(const auto access, find_access_to_organization(options.client));
  const fs::path archive = fs::path(scratch.path()) / "published.tar.gz";
  OSTLER_TRY(plugin_host::pack_bundle(bundle, archive));
  const HubClient hub(access.url, access.organization, access.token);
  const std::string platform =
      options.platform.empty() ? plugin_host::own_platform() : options.platform;
  OSTLER_TRY(const auto answer, send_archive(hub, archive, platform));
  if (options.as_json) {
    console::Terminal::of_standard_output().print_line(answer.body);
    return success();
  }
  constexpr int kCreated = 201;
  console::print_plain(bundle.manifest.reference() +
                       (answer.status == kCreated ? " is published" : " was published") + " for " +
                       platform + " at " + hub.url());
  console::print_plain("in plugins.lock: " + bundle.manifest.id + " " + bundle.manifest.version +
                       " " + platform + " sha256:" + bundle.sha256);
  return success();
}

}  // namespace

int run_plugin_publish(const Arguments& arguments) {
  CLI::App app(
      "Puts a step plugin on the hub, whose agents fetch it where plugins.lock names it. What is "
      "published never changes",
      "plugin publish");
  PublishOptions options;
  app.add_option("SOURCE", options.source,
                 "A directory with plugin.json, a tar archive, or URL#SHA256")
      ->required();
  app.add_option("--platform", options.platform,
                 "Of the agents that can run it; without it that of this machine, such as "
                 "linux-x86_64-glibc");
  app.add_flag("--json", options.as_json, "Print the REST API's answer as it is");
  take_client_flags(app, options.client);
  app.footer(kPublishExamples);
  if (const auto ended = read_options(app, arguments)) return *ended;
  const auto done = publish(options);
  return done ? kExitOk : fail(done.error());
}

}  // namespace ostler::cli
