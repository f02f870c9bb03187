// SPDX-License-Identifier: Apache-2.0
#include "worker/state_calls.hpp"

#include <algorithm>
#include <charconv>

#include "base/uuid.hpp"
#include "wire/agent_api.hpp"
#include "wire/agent_api_plugin_state.hpp"
#include "worker/api_call.hpp"

namespace ostler::worker {
namespace {

namespace policy = agent_client::policy;

constexpr std::string_view kStateMethods = "ostler.state/1/";
constexpr std::string_view kAnyRevision = "any";

/// That somebody was faster, or that there is nothing, is for the hub to say, in words of its own:
/// a job that is over and a proxy without a hub are answered with codes that look like it.
Error explain_refusal(Error error) {
  if (error.native() == wire::kRevisionConflict) return error;
  const bool seems_known = error.code() == Errc::Conflict || error.code() == Errc::NotFound;
  return seems_known ? Error(Errc::Unavailable, error.message()).with_native(error.native())
                     : error;
}

struct AskedState {
  JobContext& job;
  model::StateKey at;
  const std::vector<std::string>& arguments;

  ServiceCall call(const std::string& what, std::string body, agent_client::RetryPolicy retries,
                   ReadReply read) const {
    return {job_request(job.document.job_id, "POST", "ostler/state/" + what, std::move(body)),
            retries, std::move(read), explain_refusal};
  }
};

Result<std::optional<std::int64_t>> expected_revision(const std::string& text) {
  if (text == kAnyRevision) return std::optional<std::int64_t>();
  std::int64_t revision = -1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, revision);
  if (read.ec == std::errc() && read.ptr == end && revision >= 0) return std::optional(revision);
  return Error(
      Errc::UserFault,
      "a revision is a number from 0 on, 0 for a key that is to be new, or \"any\": " + text);
}

/// The revision, LF, the value.
Result<ServiceCall> get_state(const AskedState& asked) {
  OSTLER_TRY(model::check(asked.at));
  return asked.call("get", wire::encode(asked.at), policy::kMetaDataGet,
                    [key = asked.at.key](const std::string& body) -> Result<std::string> {
                      OSTLER_TRY(const auto found, wire::decode_state_value(body));
                      if (found.revision == 0) {
                        return Error(Errc::NotFound, "there is no key " + key);
                      }
                      return std::to_string(found.revision) + "\n" + found.value;
                    });
}

/// A key stands in the log of the hub and in other jobs, where nothing hides it.
Result<ServiceCall> change_state(const AskedState& asked, std::optional<std::string> value,
                                 const std::string& expected) {
  OSTLER_TRY(model::check(asked.at));
  if (asked.job.log.redacted(asked.at.key) != asked.at.key) {
    return Error(Errc::Denied, "the key of a value has a secret of the job in it");
  }
  wire::StateChange change{.at = asked.at, .request = Uuid::make().str()};
  OSTLER_TRY(change.expected, expected_revision(expected));
  if (value) {
    change.value = asked.job.log.redacted(*value);
    OSTLER_TRY(model::check_state_value(*change.value));
  }
  const bool is_deletion = !value;
  return asked.call("change", wire::encode(change), policy::kMetaDataSet,
                    [is_deletion](const std::string& body) -> Result<std::string> {
                      OSTLER_TRY(const auto revision, wire::decode_revision(body));
                      return is_deletion ? std::string() : std::to_string(revision);
                    });
}

Result<ServiceCall> set_state(const AskedState& asked) {
  return change_state(asked, asked.arguments[2], asked.arguments[3]);
}

Result<ServiceCall> delete_state(const AskedState& asked) {
  return change_state(asked, std::nullopt, asked.arguments[2]);
}

Result<ServiceCall> list_state_keys(const AskedState& asked) {
  OSTLER_TRY(model::check_begin(asked.at));
  return asked.call("keys", wire::encode(asked.at), policy::kMetaDataGet,
                    [](const std::string& body) -> Result<std::string> {
                      OSTLER_TRY(const auto keys, wire::decode_keys(body));
                      return wire::encode_keys(keys);
                    });
}

struct StateMethod {
  std::string_view name;
  std::size_t arguments;  ///< the first two are scope and key
  Result<ServiceCall> (*plan)(const AskedState&);
};
constexpr StateMethod kStateTable[] = {{"get", 2, get_state},
                                       {"set", 4, set_state},
                                       {"delete", 3, delete_state},
                                       {"keys", 2, list_state_keys}};

}  // namespace

bool is_state_call(std::string_view method) { return method.starts_with(kStateMethods); }

bool server_keeps(const JobContext& job, std::string_view service) {
  const auto& told = environment::value_of(job.document.env, "OSTLER_SERVER_SERVICES");
  const std::string listed = "," + told + ",";
  return listed.find("," + std::string(service) + ",") != listed.npos;
}

Result<void> check_server_keeps(const JobContext& job, std::string_view service) {
  if (server_keeps(job, service)) return success();
  return Error(Errc::Unavailable, "the server of this job keeps no " + std::string(service) +
                                      " for plugins (ostler." + std::string(service) +
                                      "/1); a hub of Ostler does");
}

Result<ServiceCall> plan_state_call(JobContext& job, const std::string& plugin,
                                    const std::string& method,
                                    const std::vector<std::string>& arguments) {
  const auto found =
      std::ranges::find(kStateTable, method.substr(kStateMethods.size()), &StateMethod::name);
  if (found == std::end(kStateTable)) {
    return Error(Errc::NotFound, "this host has no call " + method);
  }
  if (arguments.size() != found->arguments) {
    return Error(Errc::UserFault, method + " takes " + std::to_string(found->arguments) +
                                      " arguments, not " + std::to_string(arguments.size()));
  }
  OSTLER_TRY(check_server_keeps(job, wire::kStateService));
  OSTLER_TRY(const auto scope, model::state_scope_of(arguments[0]));
  return found->plan({job, {scope, plugin, arguments[1]}, arguments});
}

}  // namespace ostler::worker
