// SPDX-License-Identifier: Apache-2.0
#include "hub/hub.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/exit.hpp"
#include "cli/log_size_option.hpp"
#include "cli/options.hpp"
#include "cli/person_directories.hpp"
#include "cli/run_functions.hpp"
#include "diag/log.hpp"
#include "model/ip_networks.hpp"
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

/// What the hub keeps, and for how long.
struct Keeping {
  int builds = 90;
  int logs = 90;
  int artifacts = 90;
  std::int64_t newest_builds = 0;
  std::int64_t newest_logs = 0;
  std::int64_t newest_artifacts = 0;

  void add_to(CLI::App& app, int& least_free_percent) {
    constexpr int kMostDays = 36'500;
    const auto add_days = [&](const char* name, int& days, const char* variable,
                              const char* description) {
      app.add_option(name, days, description)
          ->envname(variable)
          ->check(CLI::Range(0, kMostDays))
          ->capture_default_str();
    };
    add_days("--keep-builds-days", builds, "OSTLER_HUB_KEEP_BUILDS_DAYS",
             "days after its end until a build is removed; 0: never");
    add_days("--keep-logs-days", logs, "OSTLER_HUB_KEEP_LOGS_DAYS",
             "the same for the logs of builds that stay");
    add_days("--keep-artifacts-days", artifacts, "OSTLER_HUB_KEEP_ARTIFACTS_DAYS",
             "the same for the artifacts of builds that stay");
    const auto add_number = [&app](const char* flag, std::int64_t& number, const char* variable,
                                   const char* meaning) {
      app.add_option(flag, number, meaning)
          ->envname(variable)
          ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}))
          ->capture_default_str();
    };
    add_number("--keep-newest-builds", newest_builds, "OSTLER_HUB_KEEP_NEWEST_BUILDS",
               "builds of each pipeline that are kept, the newest; 0: any number. What ended "
               "within a day stays");
    add_number("--keep-newest-logs", newest_logs, "OSTLER_HUB_KEEP_NEWEST_LOGS",
               "the same for builds that keep their logs");
    add_number("--keep-newest-artifacts", newest_artifacts, "OSTLER_HUB_KEEP_NEWEST_ARTIFACTS",
               "the same for builds that keep their artifacts");
    app.add_option("--min-free-disk", least_free_percent,
                   "percent of the disk that stay free: with less, new builds and artifacts are "
                   "refused; 0: never")
        ->envname("OSTLER_HUB_MIN_FREE_DISK")
        ->check(CLI::Range(0, 100))
        ->capture_default_str();
  }

  store::RetentionTerms terms() const {
    using std::chrono::days;
    return {.builds = days(builds),
            .logs = days(logs),
            .artifacts = days(artifacts),
            .newest_builds = newest_builds,
            .newest_logs = newest_logs,
            .newest_artifacts = newest_artifacts};
  }
};

/// What the hub says of what it does.
struct Logging {
  std::string level = "info";
  std::string format = "text";

  void add_to(CLI::App& app) {
    app.add_option("--log-level", level, "debug, info, notice, warn or error")
        ->envname("OSTLER_HUB_LOG_LEVEL")
        ->check(CLI::IsMember({"debug", "info", "notice", "warn", "error"}))
        ->capture_default_str();
    app.add_option("--log-format", format, "text, to standard error, or json, to standard output")
        ->envname("OSTLER_HUB_LOG_FORMAT")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
  }

  void begin() const {
    diag::LogOptions options;
    diag::parse_level(level, options.level);
    options.format = format == "json" ? diag::Format::Json : diag::Format::Text;
    options.color = ::isatty(STDERR_FILENO) != 0;
    diag::set_up_log(options);
  }

  /// The one line of standard output that is for programs that start a hub.
  void say_where(const std::string& url) const {
    if (format == "json") return diag::notice("listening", {{"url", url}});
    std::cout << "listening on " << url << std::endl;
  }
};

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
  auto* certificate =
      app.add_option("--tls-cert", options.tls_certificate,
                     "certificate in PEM, with those that lead to its issuer: serves HTTPS");
  auto* key = app.add_option("--tls-key", options.tls_key, "the certificate's private key in PEM");
  certificate->needs(key);
  key->needs(certificate);
  app.add_option("--org", options.organization,
                 "slug of the organization that the first start makes; default: ostler");
  app.add_option("--rest-rate-limit", options.calls_per_minute,
                 "REST calls that one token may make in a minute; 0: any number")
      ->envname("OSTLER_HUB_REST_RATE_LIMIT")
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{1'000'000'000}))
      ->capture_default_str();
  app.add_option("--max-jobs-per-build", options.most_jobs,
                 "jobs that a build may have, waits counted; one with more is refused")
      ->envname("OSTLER_HUB_MAX_JOBS_PER_BUILD")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}))
      ->capture_default_str();
  auto* log_size = app.add_option("--max-log-size", options.log_limit, kMaxLogSizeHelp)
                       ->envname("OSTLER_HUB_MAX_LOG_SIZE")
                       ->default_str("1GB");
  take_log_size(*log_size);
  app.add_option("--forbid-webhooks-to", options.forbidden_webhook_networks,
                 "IP networks with spaces between: pipelines' webhooks are not sent to addresses "
                 "in them, whatever name leads there; \" \" forbids none")
      ->envname("OSTLER_HUB_FORBID_WEBHOOKS_TO")
      ->check(CLI::Validator(
          [](const std::string& text) {
            return model::are_ip_networks(text) ? "" : "wants networks such as \"10.0.0.0/8 ::1\"";
          },
          "NETWORKS"))
      ->capture_default_str();
  Keeping keeping;
  keeping.add_to(app, options.least_free_percent);
  Logging logging;
  logging.add_to(app);
  app.footer("Example:\n  ostler hub --listen 127.0.0.1:7450 --data-path hub-data");
  if (const auto ended = read_options(app, arguments)) return *ended;
  options.retention = keeping.terms();
  if (const auto read = read_address(address, options); !read) return fail(read.error());
  options.data_path = data_path;
  logging.begin();
  const auto outcome =
      hub::run_hub(options, [&logging](const std::string& url) { logging.say_where(url); });
  return outcome ? kExitOk : fail(outcome.error());
}

}  // namespace ostler::cli
