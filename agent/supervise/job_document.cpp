// SPDX-License-Identifier: Apache-2.0
#include "supervise/job_document.hpp"

#include <nlohmann/json.hpp>

namespace ostler::supervise {
namespace {

using Json = nlohmann::json;

Error wrong(std::string_view what) {
  return {Errc::Protocol, "job document: " + std::string(what)};
}

Result<std::string> text_at(const Json& document, const char* key) {
  const auto found = document.find(key);
  if (found == document.end() || !found->is_string()) {
    return wrong(std::string(key) + " must be a text");
  }
  return found->get<std::string>();
}

}  // namespace

std::string encode(const JobDocument& document) {
  const Json json = {
      {"job_id", document.job_id}, {"env", document.env}, {"job_socket", document.job_socket}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<JobDocument> decode_job_document(std::string_view json) {
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return wrong("not a JSON object");
  JobDocument document;
  OSTLER_TRY(document.job_id, text_at(parsed, "job_id"));
  OSTLER_TRY(document.job_socket, text_at(parsed, "job_socket"));
  const auto env = parsed.find("env");
  if (env == parsed.end() || !env->is_object()) return wrong("env must be an object");
  for (const auto& [name, value] : env->items()) {
    if (!value.is_string()) return wrong("env: the value of " + name + " must be a text");
    document.env.emplace(name, value.get_ref<const std::string&>());
  }
  return document;
}

}  // namespace ostler::supervise
