// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_why.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

std::string encode(const RestWhy& why) {
  nlohmann::json reasons = nlohmann::json::array();
  for (const auto& reason : why.reasons) {
    reasons.push_back({{"type", reason.kind}, {"message", reason.message}});
  }
  return to_text(
      {{"job_id", why.job}, {"name", why.name}, {"state", why.state}, {"reasons", reasons}});
}

Result<RestWhy> decode_rest_why(std::string_view text) {
  OSTLER_TRY(const nlohmann::json object, parse_json(text, "reasons of a job"));
  RestWhy why;
  ObjectReader reader(object, "reasons of a job");
  reader.read("job_id", why.job);
  reader.read("name", why.name);
  reader.read("state", why.state);
  OSTLER_TRY(reader.finish());
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
