// SPDX-License-Identifier: Apache-2.0
#include "daemon/service_check.hpp"

#include <algorithm>
#include <cstdlib>

#include "supervise/service_address.hpp"

namespace ostler::daemon {
namespace {

using namespace std::chrono_literals;
using supervise::ServiceProbe;
using supervise::ServiceSpec;

constexpr std::size_t kMostEntries = 128;
constexpr std::size_t kMostBytes = 128u << 10;
constexpr std::size_t kLongestProbePath = 1024;
constexpr std::uint32_t kHighestThreshold = 1000;
constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr std::string_view kOursAlone[] = {"LISTEN_", "OSTLER_SERVICE_"};
constexpr const char* kBase[] = {"HOME", "USER", "LOGNAME", "LANG", "TZ"};

Error fault_of_service(const std::string& text) { return {Errc::UserFault, text}; }

bool has_nul(const std::string& text) { return text.find('\0') != text.npos; }

std::string_view name_in(std::string_view entry) { return entry.substr(0, entry.find('=')); }

Result<void> check_texts(const ServiceSpec& spec) {
  if (spec.arguments.empty() || spec.arguments.front().empty()) {
    return fault_of_service("a service without a program");
  }
  std::size_t bytes = 0;
  for (const auto* texts : {&spec.arguments, &spec.environment}) {
    if (texts->size() > kMostEntries) {
      return fault_of_service("a service has at most 128 arguments, and 128 variables");
    }
    for (const std::string& text : *texts) {
      bytes += text.size();
      if (has_nul(text)) return fault_of_service("an argument or variable has a NUL in it");
    }
  }
  if (bytes <= kMostBytes) return success();
  return fault_of_service("arguments and variables of a service are more than 128 KiB");
}

Result<void> check_variables(const ServiceSpec& spec) {
  for (const std::string& entry : spec.environment) {
    const std::string_view name = name_in(entry);
    if (name.empty() || name.size() == entry.size()) {
      return fault_of_service("a variable of a service is NAME=VALUE");
    }
    for (const std::string_view ours : kOursAlone) {
      if (!name.starts_with(ours)) continue;
      return fault_of_service("variables that begin with " + std::string(ours) +
                              " are set by the host: " + std::string(name));
    }
  }
  return success();
}

Result<void> check_probe(const ServiceSpec& spec) {
  if (spec.takes_listener && !spec.address.empty()) {
    return fault_of_service("a service has a listener or an address, not both");
  }
  if (!spec.address.empty()) {
    OSTLER_TRY(supervise::parse_service_address(spec.address));
  }
  if (spec.probe == ServiceProbe::None) return success();
  OSTLER_TRY(supervise::check_service_probe(spec));
  if (!spec.takes_listener && spec.address.empty()) {
    return fault_of_service("without a listener or an address the health cannot be probed");
  }
  if (spec.probe_interval < 100ms || spec.probe_interval > 1h) {
    return fault_of_service("the interval of a probe is 100 ms to 1 h");
  }
  if (spec.probe_threshold < 1 || spec.probe_threshold > kHighestThreshold) {
    return fault_of_service("the threshold of a probe is 1 to 1000");
  }
  const std::string& path = spec.probe_path;
  const bool is_path =
      path.starts_with('/') && path.size() <= kLongestProbePath &&
      std::ranges::all_of(path, [](unsigned char c) { return c > ' ' && c < 0x7f; });
  if (spec.probe == ServiceProbe::Tcp || is_path) return success();
  return fault_of_service(
      "the path of a probe begins with / and has neither blanks nor more than "
      "1 KiB");
}

}  // namespace

Result<void> check_service(const ServiceSpec& spec) {
  if (!supervise::is_service_name(spec.name)) {
    return fault_of_service("the name of a service is [a-z][a-z0-9-]*, at most 32 bytes: " +
                            spec.name.substr(0, kLongestProbePath));
  }
  if (spec.scope.empty() || spec.plugin.empty()) {
    return fault_of_service("the job has no pipeline whose service this could be");
  }
  OSTLER_TRY(check_texts(spec));
  OSTLER_TRY(check_variables(spec));
  return check_probe(spec);
}

std::vector<std::string> service_environment(const ServiceSpec& spec) {
  const auto is_given = [&spec](std::string_view name) {
    return std::ranges::find(spec.environment, name, name_in) != spec.environment.end();
  };
  std::vector<std::string> entries = spec.environment;
  if (!is_given("PATH")) entries.push_back(std::string("PATH=") + kDefaultPath);
  for (const char* name : kBase) {
    const char* const value = std::getenv(name);
    if (value != nullptr && !is_given(name)) entries.push_back(std::string(name) + "=" + value);
  }
  entries.push_back("OSTLER_SERVICE_NAME=" + spec.name);
  entries.push_back("OSTLER_SERVICE_DIRECTORY=" + spec.directory);
  return entries;
}

}  // namespace ostler::daemon
