// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_secret_answers.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_list.hpp"
#include "wire/json_reader.hpp"

namespace ostler::wire {

using nlohmann::json;

namespace {

Result<RestSecretAnswer> read_secret(const json& object) {
  RestSecretAnswer secret;
  ObjectReader reader(object, "secret");
  reader.read("id", secret.id);
  reader.read("key", secret.key);
  reader.read("description", secret.description);
  reader.read("updated_at", secret.updated_at);
  reader.read("writable_by_jobs", secret.writable_by_jobs);
  OSTLER_TRY(reader.finish());
  const auto writer = object.find("value_set_by_job");
  if (writer == object.end() || !writer->is_object()) return secret;
  ObjectReader of_job(*writer, "value_set_by_job");
  of_job.read("plugin", secret.writer_plugin);
  of_job.read("job_id", secret.writer_job);
  OSTLER_TRY(of_job.finish());
  return secret;
}

}  // namespace

Result<std::vector<RestSecretAnswer>> decode_rest_secrets(std::string_view text) {
  return decode_list(text, "secrets", read_secret);
}

std::string encode_rest_new_secret(const std::string& key, const Secret& value,
                                   const std::string& description, bool writable_by_jobs) {
  json object = {{"key", key}, {"value", value.reveal()}};
  if (writable_by_jobs) object["writable_by_jobs"] = true;
  put_unless_empty(object, "description", description);
  return to_text(object);
}

std::string encode_rest_secret_value(const Secret& value) {
  return to_text({{"value", value.reveal()}});
}

std::string encode_rest_secret_change(const std::optional<std::string>& description,
                                      std::optional<bool> writable_by_jobs) {
  json object = json::object();
  if (description) object["description"] = *description;
  if (writable_by_jobs) object["writable_by_jobs"] = *writable_by_jobs;
  return to_text(object);
}

}  // namespace ostler::wire
