// SPDX-License-Identifier: Apache-2.0
#include "wire/secrets_config.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace ostler::wire {
namespace {

using SecretsJson = nlohmann::ordered_json;

constexpr const char* kSecretKey = "key";
constexpr const char* kSecretVariable = "environment_variable";

SecretsJson pair_of(const std::string& variable, const SecretsJson& key) {
  return {{kSecretKey, key}, {kSecretVariable, variable}};
}

SecretsJson list_of(const SecretsJson& secrets) {
  SecretsJson list = SecretsJson::array();
  if (secrets.is_object()) {
    for (const auto& [variable, key] : secrets.items()) {
      if (key.is_string()) list.push_back(pair_of(variable, key));
    }
  } else if (secrets.is_array()) {
    for (const SecretsJson& item : secrets) {
      if (item.is_string()) list.push_back(pair_of(item.get<std::string>(), item));
      if (item.is_object()) list.push_back(item);
    }
  }
  return list;
}

}  // namespace

std::string secrets_config_of(std::string_view step_json) {
  const auto step = SecretsJson::parse(step_json, nullptr, false);
  if (!step.is_object() || !step.contains("secrets")) return {};
  const SecretsJson list = list_of(step["secrets"]);
  return list.empty() ? std::string()
                      : list.dump(-1, ' ', false, SecretsJson::error_handler_t::replace);
}

Result<std::vector<WantedSecret>> decode_secrets_config(std::string_view text) {
  const Error unreadable(Errc::Protocol,
                         "BUILDKITE_SECRETS_CONFIG is no list of {\"key\", "
                         "\"environment_variable\"}");
  const auto list = SecretsJson::parse(text, nullptr, false);
  if (!list.is_array()) return unreadable;
  std::vector<WantedSecret> wanted;
  for (const SecretsJson& item : list) {
    if (!item.is_object() || !item.contains(kSecretKey) || !item[kSecretKey].is_string()) {
      return unreadable;
    }
    WantedSecret one{.key = item[kSecretKey].get<std::string>(), .variable = {}};
    const auto variable = item.find(kSecretVariable);
    if (variable != item.end() && variable->is_string())
      one.variable = variable->get<std::string>();
    wanted.push_back(std::move(one));
  }
  return wanted;
}

}  // namespace ostler::wire
