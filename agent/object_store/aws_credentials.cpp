// SPDX-License-Identifier: Apache-2.0
#include "object_store/aws_credentials.hpp"

#include <algorithm>

#include "object_store/aws_metadata.hpp"
#include "object_store/aws_profile.hpp"

namespace ostler::object_store {
namespace {

using Found = Result<std::optional<AwsCredentials>>;

constexpr std::chrono::minutes kBeforeExpiry{5};

/// One place in the environment: the names of each half, the newer one first.
struct VariableNames {
  const char* id;
  const char* old_id;
  const char* secret;
  const char* old_secret;
  const char* token;
};
constexpr VariableNames kBuildkite{"BUILDKITE_S3_ACCESS_KEY_ID", "BUILDKITE_S3_ACCESS_KEY",
                                   "BUILDKITE_S3_SECRET_ACCESS_KEY", "BUILDKITE_S3_SECRET_KEY",
                                   "BUILDKITE_S3_SESSION_TOKEN"};
constexpr VariableNames kAws{"AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY",
                             "AWS_SECRET_KEY", "AWS_SESSION_TOKEN"};

std::string first_of(const Variables& variables, const char* name, const char* old_name) {
  std::string value = variables(name);
  return value.empty() ? variables(old_name) : value;
}

Found from_environment(const Variables& variables, const VariableNames& names) {
  const std::string id = first_of(variables, names.id, names.old_id);
  const std::string secret = first_of(variables, names.secret, names.old_secret);
  if (id.empty() && secret.empty()) return std::optional<AwsCredentials>();
  if (id.empty() || secret.empty()) {
    const std::string given = id.empty() ? names.secret : names.id;
    const std::string missing = id.empty() ? names.id : names.secret;
    return Error(Errc::UserFault,
                 given + " is set and " + missing + " is not; set both, or neither");
  }
  return std::optional(
      AwsCredentials{id, Secret(secret), Secret(variables(names.token)), {}, names.id});
}

// They go into headers, where a line break would begin another one.
Result<AwsCredentials> checked(AwsCredentials credentials) {
  const auto is_plain = [](const std::string& text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
  };
  if (is_plain(credentials.access_key_id) && is_plain(credentials.secret_access_key.reveal()) &&
      is_plain(credentials.session_token.reveal())) {
    return credentials;
  }
  return Error(Errc::UserFault, "the AWS credentials from " + credentials.origin +
                                    " have a space, a line break or another character that no key "
                                    "has; copy them anew");
}

}  // namespace

Result<AwsCredentials> AwsCredentialChain::current(net::BlockingHttpClient& client) const {
  const std::lock_guard lock(mutex_);
  const bool is_fresh =
      found_ && (!found_->expires || clock_.now() + kBeforeExpiry < *found_->expires);
  if (!is_fresh) {
    OSTLER_TRY(auto found, find(client));
    OSTLER_TRY(found_, checked(std::move(found)));
  }
  return *found_;
}

Result<AwsCredentials> AwsCredentialChain::find(net::BlockingHttpClient& client) const {
  OSTLER_TRY(auto found, from_environment(variables_, kBuildkite));
  const std::string profile = first_of(variables_, "BUILDKITE_S3_PROFILE", "AWS_PROFILE");
  if (!found && !profile.empty()) return named_profile_credentials(variables_, profile);
  if (!found) {
    OSTLER_TRY(found, from_environment(variables_, kAws));
  }
  if (!found) {
    OSTLER_TRY(found, web_identity_credentials(variables_, client));
  }
  if (!found) {
    OSTLER_TRY(found, default_profile_credentials(variables_));
  }
  if (!found) {
    OSTLER_TRY(found, container_credentials(variables_, client));
  }
  if (!found) {
    OSTLER_TRY(found, instance_credentials(variables_, client));
  }
  if (found) return *std::move(found);
  return Error(Errc::UserFault,
               "no AWS credentials: set BUILDKITE_S3_ACCESS_KEY_ID and "
               "BUILDKITE_S3_SECRET_ACCESS_KEY, or BUILDKITE_S3_PROFILE; looked also at "
               "AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE, the default profile, and the role "
               "of this container and machine");
}

}  // namespace ostler::object_store
