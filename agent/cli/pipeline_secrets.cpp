// SPDX-License-Identifier: Apache-2.0
#include "cli/pipeline_secrets.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "environment/redacted_vars.hpp"
#include "redact/needle_set.hpp"

namespace ostler::cli {
namespace {

using nlohmann::json;

constexpr const char* kRedactedVars = "BUILDKITE_REDACTED_VARS";

/// "$NAME" or "${NAME}": the value of another variable, whatever that is where the job runs.
bool is_substitution(std::string_view value) {
  if (!value.starts_with('$')) return false;
  value.remove_prefix(1);
  if (value.starts_with('{') && value.ends_with('}')) value = value.substr(1, value.size() - 2);
  const auto is_name_byte = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !value.empty() && std::ranges::all_of(value, is_name_byte);
}

/// Finds secrets in one pipeline.
class SecretSearch {
 public:
  explicit SecretSearch(const environment::Variables& process)
      : process_(process), globs_(environment::value_of(process, kRedactedVars)) {}

  std::set<std::string> run(std::string_view text) {
    for (const auto& [name, value] : process_) {
      if (is_secret(name, value) && holds(text, value)) found_.insert(name);
    }
    const json pipeline = json::parse(text, nullptr, false);
    if (!pipeline.is_object()) return std::move(found_);
    look_at_env(pipeline);
    if (pipeline.contains("steps")) look_at_steps(pipeline["steps"]);
    return std::move(found_);
  }

 private:
  bool is_secret(const std::string& name, const std::string& value) const {
    environment::Variables one{{name, value}};
    if (!globs_.empty()) one[kRedactedVars] = globs_;
    return !environment::redacted_values(one).values.empty();
  }

  static bool holds(std::string_view text, const std::string& value) {
    const std::string quoted = json(value).dump(-1, ' ', false, json::error_handler_t::replace);
    const std::string_view within(quoted.data() + 1, quoted.size() - 2);
    return text.find(value) != text.npos || text.find(within) != text.npos ||
           text.find(redact::go_quoted(value)) != text.npos;
  }

  void look_at_steps(const json& steps) {
    for (const json& step : steps) {
      if (!step.is_object()) continue;
      look_at_env(step);
      if (step.contains("build") && step["build"].is_object()) look_at_env(step["build"]);
      if (step.contains("steps")) look_at_steps(step["steps"]);
    }
  }

  void look_at_env(const json& holder) {
    const auto env = holder.find("env");
    if (env == holder.end() || !env->is_object()) return;
    for (const auto& [name, value] : env->items()) {
      if (!value.is_string() || is_substitution(value.get_ref<const std::string&>())) continue;
      if (is_secret(name, value)) found_.insert(name);
    }
  }

  const environment::Variables& process_;
  std::string globs_;
  std::set<std::string> found_;
};

}  // namespace

std::vector<std::string> secrets_in_pipeline(std::string_view json,
                                             const environment::Variables& process) {
  const auto found = SecretSearch(process).run(json);
  return {found.begin(), found.end()};
}

}  // namespace ostler::cli
