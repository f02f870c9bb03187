// SPDX-License-Identifier: Apache-2.0
#include "wire/job_api.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_list.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

Result<std::map<std::string, std::string>> decode_job_env(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "job environment"));
  ObjectReader reader(object, "job environment");
  std::map<std::string, std::string> env;
  reader.read("env", env);
  OSTLER_TRY(reader.finish());
  return env;
}

std::string encode_env_update(const std::map<std::string, std::string>& env) {
  return to_text(json::object({{"env", env}}));
}

Result<EnvChange> decode_env_change(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "env answer"));
  ObjectReader reader(object, "env answer");
  EnvChange change;
  reader.read("added", change.added);
  reader.read("updated", change.updated);
  OSTLER_TRY(reader.finish());
  return change;
}

std::string encode_env_removal(const std::vector<std::string>& names) {
  return to_text(json::object({{"keys", names}}));
}

Result<std::vector<std::string>> decode_env_removed(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "env answer"));
  ObjectReader reader(object, "env answer");
  std::vector<std::string> names;
  reader.read("deleted", names);
  OSTLER_TRY(reader.finish());
  return names;
}

std::string encode_redaction(const std::string& text) {
  return to_text(json::object({{"redact", text}}));
}

std::string decode_job_api_error(std::string_view text) {
  return text_in(json::parse(text, nullptr, false), "error");
}

}  // namespace ostler::wire
