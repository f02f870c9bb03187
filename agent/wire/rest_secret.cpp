// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_secret.hpp"

#include <nlohmann/json.hpp>

#include "model/secret_key.hpp"
#include "wire/rest_fields.hpp"
#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

constexpr std::size_t kLongestDescription = 4u << 10;

void read_key(RestFields& fields, std::string& key) {
  fields.require("key");
  if (!fields.read("key", key) || model::is_secret_key(key)) return;
  fields.fail("key",
              "must begin with a letter, hold only letters, digits and underscores, have at most "
              "255 characters, and not begin with buildkite or bk");
}

/// Nothing of it goes into a fault: a fault shows what was sent.
void read_value(const nlohmann::json& object, RestFields& fields,
                std::vector<RestFieldError>& errors, Secret& value) {
  if (!fields.has("value")) {
    errors.push_back({"value", "missing"});
  } else if (!object["value"].is_string()) {
    errors.push_back({"value", "must be a text"});
  } else {
    value = Secret(object["value"].get<std::string>());
    if (value.empty()) errors.push_back({"value", "must not be empty"});
    if (value.reveal().size() > model::kLongestSecretValue) {
      errors.push_back({"value", "must have at most 64 KiB"});
    }
  }
}

void read_description(RestFields& fields, std::optional<std::string>& description) {
  std::string text;
  if (!fields.has("description") || !fields.read("description", text)) return;
  if (text.size() > kLongestDescription) fields.fail("description", "must have at most 4 KiB");
  description = std::move(text);
}

/// A policy that was taken and not obeyed would open the secret to everybody.
void refuse_policy(RestFields& fields) {
  std::string policy;
  if (fields.has("policy") && fields.read("policy", policy) && !policy.empty()) {
    fields.fail("policy", "not supported yet: every job of the cluster may read its secrets");
  }
}

void read_writable(RestFields& fields, std::optional<bool>& writable) {
  bool told = false;
  if (fields.has("writable_by_jobs") && fields.read("writable_by_jobs", told)) writable = told;
}

std::string encode_writer(const RestSecretWriter& writer) {
  return JsonObjectText()
      .text("job_id", writer.job.str())
      .text("build_id", writer.build.str())
      .text("plugin", writer.plugin)
      .finish();
}

enum class Part : std::uint8_t { All, Description, Value };

Result<RestDecoded<RestSecretRequest>> decode(std::string_view body, Part part) {
  OSTLER_TRY(const nlohmann::json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<RestSecretRequest> decoded;
  std::vector<RestFieldError> errors;
  if (part == Part::All) read_key(fields, decoded.value.key);
  if (part != Part::Value) {
    read_description(fields, decoded.value.description);
    read_writable(fields, decoded.value.writable_by_jobs);
    refuse_policy(fields);
  }
  if (part != Part::Description) read_value(object, fields, errors, decoded.value.value);
  decoded.errors = std::move(fields).errors();
  decoded.errors.insert(decoded.errors.end(), errors.begin(), errors.end());
  return decoded;
}

}  // namespace

std::string encode_rest_secret(const RestSecret& secret, const RestUrls& urls) {
  const std::string cluster = urls.cluster(secret.cluster);
  return JsonObjectText()
      .text("id", secret.id.str())
      .text("graphql_id", graphql_id("ClusterSecret", secret.id))
      .text("key", secret.key)
      .text_or_null("description", secret.description)
      .null("policy")
      .text("url", cluster + "/secrets/" + secret.id.str())
      .text("cluster_url", cluster)
      .time("created_at", secret.created_at)
      .null("created_by")
      .time("updated_at", secret.updated_at)
      .null("updated_by")
      .null("last_read_at")
      .flag("writable_by_jobs", secret.writable_by_jobs)
      .raw("value_set_by_job", secret.writer ? encode_writer(*secret.writer) : "null")
      .finish();
}

Result<RestDecoded<RestSecretRequest>> decode_rest_secret_request(std::string_view body) {
  return decode(body, Part::All);
}
Result<RestDecoded<RestSecretRequest>> decode_rest_secret_change(std::string_view body) {
  return decode(body, Part::Description);
}
Result<RestDecoded<RestSecretRequest>> decode_rest_secret_value(std::string_view body) {
  return decode(body, Part::Value);
}

}  // namespace ostler::wire
