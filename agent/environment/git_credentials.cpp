// SPDX-License-Identifier: Apache-2.0
#include "environment/git_credentials.hpp"

namespace ostler::environment {
namespace {

constexpr std::string_view kFromProvider = "BUILDKITE_USE_REPOSITORY_PROVIDER_GIT_CREDENTIALS";
constexpr std::string_view kFromGithubApp = "BUILDKITE_USE_GITHUB_APP_GIT_CREDENTIALS";

}  // namespace

bool takes_credentials_from_server(const Variables& env) {
  return value_of(env, kFromProvider) == "true" || value_of(env, kFromGithubApp) == "true";
}

bool reaches_github_by_token(const Variables& env) {
  if (value_of(env, kFromGithubApp) == "true") return true;
  return takes_credentials_from_server(env) &&
         value_of(env, "BUILDKITE_REPO").starts_with(kGithubOverSsh);
}

}  // namespace ostler::environment
