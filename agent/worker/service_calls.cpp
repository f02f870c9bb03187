// SPDX-License-Identifier: Apache-2.0
#include "worker/service_calls.hpp"

#include <algorithm>
#include <charconv>

#include "agent_client/path.hpp"
#include "base/ascii.hpp"
#include "base/uuid.hpp"
#include "model/secret_key.hpp"
#include "plugin_host/http_secrets.hpp"
#include "wire/agent_api.hpp"
#include "wire/agent_api_annotations.hpp"
#include "wire/agent_api_secrets.hpp"
#include "wire/agent_api_steps.hpp"
#include "wire/rest_urls.hpp"
#include "worker/api_call.hpp"
#include "worker/artifact_calls.hpp"
#include "worker/state_calls.hpp"

namespace ostler::worker {
namespace {

namespace policy = agent_client::policy;
using Arguments = std::vector<std::string>;
using Planned = Result<ServiceCall>;

/// Keys by which a plugin could speak as a checkout, or as another step.
constexpr std::string_view kReservedKeys[] = {"buildkite:", "ostler:"};

constexpr std::size_t kMostHidden = 1 << 20;  // bytes
constexpr int kMostHiddenTexts = 1000;

struct Asked {
  JobContext& job;
  SecretAccess& secrets;
  const Arguments& arguments;

  supervise::ApiRequest request(std::string method, const std::string& path,
                                std::string body) const {
    return job_request(job.document.job_id, std::move(method), path, std::move(body));
  }
};

Result<std::string> nothing(const std::string&) { return std::string(); }

Planned get_datum(const Asked& asked) {
  return ServiceCall{
      asked.request("POST", "data/get", wire::encode_meta_data_key(asked.arguments[0])),
      policy::kMetaDataGet, [](const std::string& body) -> Result<std::string> {
        OSTLER_TRY(auto datum, wire::decode_meta_datum(body));
        return std::move(datum.value);
      }};
}

Planned set_datum(const Asked& asked) {
  const std::string& key = asked.arguments[0];
  if (is_blank(key) || is_blank(asked.arguments[1])) {
    return Error(Errc::UserFault, "neither key nor value of meta-data may be blank: " + key);
  }
  for (const std::string_view reserved : kReservedKeys) {
    if (!key.starts_with(reserved)) continue;
    return Error(Errc::Denied, "keys that begin with " + std::string(reserved) +
                                   " are not for plugins to set: " + key);
  }
  const std::string value = asked.job.log.redacted(asked.arguments[1]);
  return ServiceCall{asked.request("POST", "data/set", wire::encode(wire::MetaDatum{key, value})),
                     policy::kMetaDataSet, nothing};
}

Planned has_datum(const Asked& asked) {
  return ServiceCall{
      asked.request("POST", "data/exists", wire::encode_meta_data_key(asked.arguments[0])),
      policy::kMetaDataGet, [](const std::string& body) -> Result<std::string> {
        OSTLER_TRY(const bool exists, wire::decode_exists(body));
        return std::string(exists ? "1" : "0");
      }};
}

Planned list_keys(const Asked& asked) {
  return ServiceCall{asked.request("POST", "data/keys", ""), policy::kMetaDataGet,
                     [](const std::string& body) -> Result<std::string> {
                       OSTLER_TRY(const auto keys, wire::decode_keys(body));
                       return wire::encode_keys(keys);
                     }};
}

/// Context, style (may be empty), scope, priority, "1" to append, body.
Planned put_annotation(const Asked& asked) {
  const Arguments& given = asked.arguments;
  wire::AnnotationRequest request;
  request.context = given[0];
  if (!given[1].empty()) {
    OSTLER_TRY(request.change.style, wire::annotation_style_of(given[1]));
  }
  OSTLER_TRY(request.scope, wire::annotation_scope_of(given[2]));
  const char* end = given[3].data() + given[3].size();
  std::int64_t priority = 0;
  const auto read = std::from_chars(given[3].data(), end, priority);
  if (read.ec != std::errc() || read.ptr != end) {
    return Error(Errc::UserFault, "the priority of an annotation is a whole number: " + given[3]);
  }
  request.change.priority = priority;
  request.change.append = given[4] == "1";
  request.change.body = asked.job.log.redacted(given[5]);
  OSTLER_TRY(check(request.context, request.change));
  return ServiceCall{asked.request("POST", "annotations", encode(request)), policy::kAnnotation,
                     nothing};
}

/// Context, scope.
Planned remove_annotation(const Asked& asked) {
  OSTLER_TRY(const auto scope, wire::annotation_scope_of(asked.arguments[1]));
  const std::string path = "annotations/" + agent_client::path_segment(asked.arguments[0]) +
                           "?scope=" + std::string(wire::name_of(scope));
  return ServiceCall{asked.request("DELETE", path, ""), policy::kAnnotation, nothing};
}

Planned get_secret(const Asked& asked) {
  const std::string& name = asked.arguments[0];
  OSTLER_TRY(plugin_host::check_secret(name, asked.secrets.names));
  return ServiceCall{asked.request("GET", "secrets?key=" + wire::percent_encode(name), ""),
                     policy::kSecretGet,
                     [&log = asked.job.log](const std::string& body) -> Result<std::string> {
                       OSTLER_TRY(const auto secret, wire::decode_job_secret(body));
                       log.needles().add(secret.value.reveal());
                       return secret.value.reveal();
                     }};
}

/// From now on. Errors: UserFault.
Result<void> hide(const Asked& asked, const std::string& text) {
  if (text.size() < environment::kShortestRedactedValue) {
    return Error(Errc::UserFault,
                 "a text of less than 6 bytes is not hidden: half the log would go");
  }
  if (asked.secrets.hidden_texts == kMostHiddenTexts ||
      asked.secrets.hidden + text.size() > kMostHidden) {
    return Error(Errc::UserFault, "the log hides 1,000 texts, or 1 MiB, for the step already");
  }
  ++asked.secrets.hidden_texts;
  asked.secrets.hidden += text.size();
  asked.job.log.needles().add(text);
  return success();
}

Planned protect_secret(const Asked& asked) {
  OSTLER_TRY(hide(asked, asked.arguments[0]));
  return ServiceCall{};
}

Result<void> check_may_put(const Asked& asked, const std::string& name) {
  OSTLER_TRY(plugin_host::check_secret_put(name, asked.secrets.puts));
  if (server_keeps(asked.job, wire::kSecretPutService)) return success();
  return Error(Errc::Unavailable,
               "the server of this job takes no secrets from plugins; a hub of Ostler does");
}

/// What seems known is a job that is over, or who was faster: nothing of the call.
Error explain_refused_put(Error error) {
  const bool seems_known = error.code() == Errc::Conflict || error.code() == Errc::NotFound;
  return seems_known ? Error(Errc::Unavailable, error.message()) : error;
}

/// Name, value.
Planned put_secret(const Asked& asked) {
  const std::string& name = asked.arguments[0];
  const std::string& value = asked.arguments[1];
  OSTLER_TRY(check_may_put(asked, name));
  OSTLER_TRY(model::check_secret_value(value));
  OSTLER_TRY(hide(asked, value));
  const wire::SecretPut put{.key = name,
                            .value = Secret(value),
                            .plugin = asked.secrets.plugin,
                            .request = Uuid::make().str()};
  return ServiceCall{asked.request("PUT", "ostler/secrets", wire::encode(put)),
                     policy::kMetaDataSet, nothing, explain_refused_put};
}

/// Of the job's own build.
Planned get_outcome(const Asked& asked) {
  const std::string& step = asked.arguments[0];
  if (is_blank(step)) return Error(Errc::UserFault, "a step is named by its key or id");
  const wire::StepExportRequest wanted{
      .attribute = "",
      .build_id = environment::value_of(asked.job.document.env, "BUILDKITE_BUILD_ID"),
      .format = "json"};
  return ServiceCall{
      supervise::ApiRequest{.uuid = Uuid::make().str(),
                            .method = "POST",
                            .path = "steps/" + agent_client::path_segment(step) + "/export",
                            .content_type = "application/json",
                            .body = encode(wanted)},
      policy::kStep, wire::decode_step_outcome};
}

/// Step, name; as store_outputs() has written it.
Planned get_output(const Asked& asked) {
  const std::string& step = asked.arguments[0];
  const std::string& name = asked.arguments[1];
  if (is_blank(step) || is_blank(name) || name.find(':') != name.npos) {
    return Error(Errc::UserFault, "an output is named by the key of its step and its own name: " +
                                      step + ", " + name);
  }
  return ServiceCall{
      asked.request("POST", "data/get", wire::encode_meta_data_key("ostler:" + step + ":" + name)),
      policy::kMetaDataGet,
      [](const std::string& body) -> Result<std::string> {
        OSTLER_TRY(auto datum, wire::decode_meta_datum(body));
        return std::move(datum.value);
      },
      [step, name](Error error) {
        if (error.code() != Errc::NotFound) return error;
        return Error(Errc::NotFound, "the step " + step + " has left no output " + name);
      }};
}

struct Method {
  std::string_view name;
  std::size_t arguments;
  Planned (*plan)(const Asked&);
};
constexpr Method kMethods[] = {{"ostler.meta-data/1/get", 1, get_datum},
                               {"ostler.meta-data/1/set", 2, set_datum},
                               {"ostler.meta-data/1/exists", 1, has_datum},
                               {"ostler.meta-data/1/keys", 0, list_keys},
                               {"ostler.job/1/outcome", 1, get_outcome},
                               {"ostler.output/1/get", 2, get_output},
                               {"ostler.annotation/1/put", 6, put_annotation},
                               {"ostler.annotation/1/remove", 2, remove_annotation},
                               {"ostler.secret/1/get", 1, get_secret},
                               {"ostler.secret/1/protect", 1, protect_secret},
                               {"ostler.secret/1/put", 2, put_secret}};

template <class Entry>
const Entry* method_named(std::span<const Entry> methods, const std::string& name) {
  const auto found = std::ranges::find(methods, name, &Entry::name);
  return found == methods.end() ? nullptr : &*found;
}

template <class Entry>
Result<void> check_count(const Entry& method, const Arguments& arguments) {
  if (arguments.size() == method.arguments) return success();
  return Error(Errc::UserFault, std::string(method.name) + " takes " +
                                    std::to_string(method.arguments) + " arguments, not " +
                                    std::to_string(arguments.size()));
}

}  // namespace

Result<ServiceCall> plan_service_call(JobContext& job, SecretAccess& secrets,
                                      const std::string& method, const Arguments& arguments) {
  if (const auto* found = method_named(std::span<const Method>(kMethods), method)) {
    OSTLER_TRY(check_count(*found, arguments));
    return found->plan({job, secrets, arguments});
  }
  if (const auto* found = method_named(artifact_methods(), method)) {
    OSTLER_TRY(check_count(*found, arguments));
    return found->plan(job, arguments);
  }
  return Error(Errc::NotFound, "this host has no call " + method);
}

}  // namespace ostler::worker
