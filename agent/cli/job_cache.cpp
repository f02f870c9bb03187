// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "agent_client/api_request.hpp"
#include "agent_client/transport_from_environment.hpp"
#include "cache/cache.hpp"
#include "cli/exit.hpp"
#include "cli/job_command.hpp"
#include "cli/run_functions.hpp"
#include "plugin_host/host_command.hpp"
#include "wire/json_reader.hpp"

namespace ostler::cli {
namespace {

using nlohmann::json;

std::string variable_or(const char* name, const char* other) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? other : value;
}

cache::CacheOptions cache_options() {
  return {.registry = variable_or("BUILDKITE_AGENT_CACHE_REGISTRY", "~"),
          .place = variable_or("BUILDKITE_AGENT_CACHE_STORE_URL", ""),
          .user_agent = agent_client::user_agent(),
          .temporary = variable_or("TMPDIR", "/tmp"),
          .tell = remark};
}

json key_values(const model::CacheKey& key) {
  json values = json::array();
  for (const model::CacheKeyPart& part : key) values.push_back(part.value);
  return values;
}

Result<json> restore_cache(const wire::CacheAddress& wanted, agent_client::Transport& transport) {
  OSTLER_TRY(const auto found, cache::restore(wanted, STDIN_FILENO, cache_options(), transport));
  const char* hit = !found.is_hit ? "none" : found.is_fall_back ? "fallback" : "exact";
  return json{{"bytes", found.bytes}, {"hit", hit}, {"key", key_values(found.key)}};
}

Result<json> save_cache(const wire::CacheAddress& entry, agent_client::Transport& transport) {
  OSTLER_TRY(const auto saved, cache::save(entry, STDIN_FILENO, cache_options(), transport));
  return json{{"bytes", saved.bytes}, {"saved", saved.is_new}};
}

Result<json> use_cache(const std::string& what, const std::string& address) {
  OSTLER_TRY(const auto entry, wire::decode_cache_address(address));
  OSTLER_TRY(const auto transport,
             agent_client::transport_from_environment(agent_client::Route::JobSocketFirst));
  return what == "restore" ? restore_cache(entry, *transport) : save_cache(entry, *transport);
}

}  // namespace

// Started by the worker for a step plugin: the job's environment in, "restore" or "save" and the
// address of the entry as JSON, standard input is the workspace; what is done goes to standard
// error, the result as JSON to standard output.
int run_job_cache(const Arguments& words) {
  struct stat found{};
  const bool has_directory = ::fstat(STDIN_FILENO, &found) == 0 && S_ISDIR(found.st_mode);
  if (words.size() != 2 || !has_directory) {
    return fail(Error(Errc::UserFault, "job-cache is started by the worker of a job"));
  }
  const auto done = use_cache(words[0], words[1]);
  if (done) print(wire::to_text(done.value()));
  if (done) return kExitOk;
  fail(done.error());
  return done.error().code() == Errc::NotFound ? plugin_host::kNothingFound : kExitFailed;
}

}  // namespace ostler::cli
