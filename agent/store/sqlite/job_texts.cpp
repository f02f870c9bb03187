// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/job_texts.hpp"

#include <nlohmann/json.hpp>

namespace ostler::store::sqlite {
namespace {

using nlohmann::json;

Error corrupt() { return {Errc::Corrupt, "database: what it keeps of retries cannot be read"}; }

json rule_json(const model::RetryRule& rule) {
  json object = {
      {"signals", rule.signals}, {"signal_reasons", rule.signal_reasons}, {"limit", rule.limit}};
  if (rule.exit_statuses) object["exit_statuses"] = *rule.exit_statuses;
  return object;
}

model::RetryRule rule_of(const json& object) {
  model::RetryRule rule;
  rule.exit_statuses.reset();
  if (object.contains("exit_statuses")) {
    rule.exit_statuses = object["exit_statuses"].get<std::vector<int>>();
  }
  rule.signals = object.at("signals").get<std::vector<std::string>>();
  rule.signal_reasons = object.at("signal_reasons").get<std::vector<std::string>>();
  rule.limit = object.at("limit").get<int>();
  return rule;
}

model::RetryPolicy policy_of(const json& object) {
  model::RetryPolicy policy;
  for (const json& rule : object.at("automatic")) policy.automatic.push_back(rule_of(rule));
  policy.manual_allowed = object.at("manual_allowed").get<bool>();
  policy.permit_on_passed = object.at("permit_on_passed").get<bool>();
  policy.reason = object.at("reason").get<std::string>();
  return policy;
}

/// What `read` makes of the text. The library throws when a value is of another kind.
template <class T>
Result<T> read_text_with(const std::string& text, T (*read)(const json&)) {
  try {
    return read(json::parse(text));
  } catch (const json::exception&) {
    return corrupt();
  }
}

}  // namespace

std::string retry_text(const model::RetryPolicy& policy) {
  if (policy == model::RetryPolicy()) return "";
  json rules = json::array();
  for (const model::RetryRule& rule : policy.automatic) rules.push_back(rule_json(rule));
  const json object = {{"automatic", std::move(rules)},
                       {"manual_allowed", policy.manual_allowed},
                       {"permit_on_passed", policy.permit_on_passed},
                       {"reason", policy.reason}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<model::RetryPolicy> read_retry_policy(const std::string& text) {
  if (text.empty()) return model::RetryPolicy();
  return read_text_with<model::RetryPolicy>(text, policy_of);
}

std::string soft_fail_text(const model::SoftFail& soft_fail) {
  if (soft_fail == model::SoftFail()) return "";
  return json({{"any", soft_fail.any}, {"exit_statuses", soft_fail.exit_statuses}}).dump();
}

Result<model::SoftFail> read_soft_fail(const std::string& text) {
  if (text.empty()) return model::SoftFail();
  return read_text_with<model::SoftFail>(text, [](const json& object) {
    return model::SoftFail{.any = object.at("any").get<bool>(),
                           .exit_statuses = object.at("exit_statuses").get<std::vector<int>>()};
  });
}

std::string rule_retries_text(const std::vector<int>& counts) { return json(counts).dump(); }

Result<std::vector<int>> read_rule_retries(const std::string& text) {
  return read_text_with<std::vector<int>>(
      text, [](const json& list) { return list.get<std::vector<int>>(); });
}

}  // namespace ostler::store::sqlite
