// SPDX-License-Identifier: Apache-2.0
#include "object_store/refusal.hpp"

#include <nlohmann/json.hpp>

#include "object_store/send.hpp"
#include "object_store/xml_text.hpp"

namespace ostler::object_store {
namespace {

// The first "message" in {"errors":[{..}]} or {"error":{..}}.
std::string message_in_json(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return {};
  const nlohmann::json* inner = &json;
  if (json.contains("error")) inner = &json["error"];
  if (json.contains("errors") && json["errors"].is_array() && !json["errors"].empty()) {
    inner = &json["errors"][0];
  }
  if (!inner->is_object() || !inner->contains("message") || !(*inner)["message"].is_string()) {
    return {};
  }
  return (*inner)["message"].get<std::string>();
}

std::string words_of(const net::HttpResponse& answer) {
  std::string code = xml_text(answer.body, "Code");
  const std::string message = xml_text(answer.body, "Message");
  if (!code.empty() && !message.empty()) code += ": ";
  const std::string words = code + message;
  return quoted_words(words.empty() ? message_in_json(answer.body) : words);
}

}  // namespace

std::optional<Error> plain_refusal(const net::HttpResponse& answer, const std::string& object,
                                   const RefusalAdvice& advice) {
  if (answer.ok()) return std::nullopt;
  std::string message = object + ": the store answered " + std::to_string(answer.status);
  if (const std::string words = words_of(answer); !words.empty()) message += " (" + words + ")";
  if (answer.status == 401 || answer.status == 403) message += "; " + advice.denied;
  if (answer.status == 404) message += "; " + advice.not_found;
  return Error(code_of_status(answer.status), std::move(message))
      .with_native(answer.status)
      .with_retryable(may_heal(answer.status));
}

}  // namespace ostler::object_store
