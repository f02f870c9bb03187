// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_why.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

namespace {

Result<RestRetryProspect> read_retry(const nlohmann::json& object) {
  RestRetryProspect retry;
  ObjectReader reader(object, "prospect of a retry");
  reader.read("allowed", retry.allowed);
  reader.read("reason", retry.reason);
  OSTLER_TRY(reader.finish());
  return retry;
}

}  // namespace

std::string encode(const RestWhy& why) {
  nlohmann::json reasons = nlohmann::json::array();
  for (const auto& reason : why.reasons) {
    reasons.push_back({{"type", reason.kind}, {"message", reason.message}});
  }
  nlohmann::json retry = {{"allowed", why.retry.allowed}, {"reason", nullptr}};
  if (!why.retry.reason.empty()) retry["reason"] = why.retry.reason;
  return to_text({{"job_id", why.job},
                  {"name", why.name},
                  {"state", why.state},
                  {"reasons", reasons},
                  {"retry", retry}});
}

Result<RestWhy> decode_rest_why(std::string_view text) {
  OSTLER_TRY(const nlohmann::json object, parse_json(text, "reasons of a job"));
  RestWhy why;
  ObjectReader reader(object, "reasons of a job");
  reader.read("job_id", why.job);
  reader.read("name", why.name);
  reader.read("state", why.state);
  const nlohmann::json* const retry = reader.object("retry");
  OSTLER_TRY(reader.finish());
  if (retry != nullptr) {
    OSTLER_TRY(why.retry, read_retry(*retry));
  }
  const auto reasons = object.find("reasons");
  if (reasons == object.end() || !reasons->is_array()) return why;
  for (const auto& item : *reasons) {
    RestWhy::Reason reason;
    ObjectReader part(item, "reason");
    part.read("type", reason.kind);
    part.read("message", reason.message);
    OSTLER_TRY(part.finish());
    why.reasons.push_back(std::move(reason));
  }
  return why;
}

}  // namespace ostler::wire
