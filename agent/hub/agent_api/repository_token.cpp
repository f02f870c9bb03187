// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>
#include <utility>

#include "diag/log.hpp"
#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api_secrets.hpp"

namespace ostler::agent_api {
namespace {

/// The secret of the cluster that opens the host of a pipeline's repository.
constexpr std::string_view kRepositoryToken = "REPOSITORY_TOKEN";

/// The host of "scheme://user@host:port/path" or "user@host:path", in lower case; empty for a path.
std::string host_of(std::string_view address) {
  const std::size_t scheme = address.find("://");
  const bool is_url = scheme != address.npos;
  if (is_url) address.remove_prefix(scheme + 3);
  const std::size_t end = std::min(address.find(is_url ? '/' : ':'), address.size());
  if (!is_url && end == address.size()) return {};
  std::string_view host = address.substr(0, end);
  host.remove_prefix(host.rfind('@') + 1);  // npos + 1: there is none
  const std::size_t port = host.rfind(':');
  if (is_url && port != host.npos && host.find(']', port) == host.npos) host = host.substr(0, port);
  std::string lower(host);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return lower;
}

}  // namespace

// The token goes to the host of the pipeline's own repository and nowhere else: other repositories
// there (submodules, plugins) are opened by it as far as that host likes.
Answer request_repository_token(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto url, wire::decode_repository_token_request(call.body));
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  OSTLER_CO_TRY(const auto build, co_await backend.store.build(job.step.build));
  OSTLER_CO_TRY(const auto pipeline, co_await backend.store.pipeline(build.pipeline));
  const std::string host = host_of(pipeline.settings.repository);
  const bool is_meant = url.empty() || (url.starts_with("https://") && host_of(url) == host);
  if (host.empty() || !is_meant) {
    co_return Error(Errc::NotFound,
                    "tokens are for https and the host of the pipeline's repository");
  }
  auto found = co_await backend.store.secret_of_job(job.id, std::string(kRepositoryToken));
  if (!found && found.error().code() == Errc::NotFound) {
    co_return Error(Errc::NotFound, "the cluster has no secret " + std::string(kRepositoryToken));
  }
  OSTLER_CO_TRY(const auto& secret, found);
  OSTLER_CO_TRY(const auto token, backend.vault.open(secret));
  diag::info("a job read the token for its repository", {{"job", job.id.str()}});
  co_return ok(wire::encode_token(token));
}

}  // namespace ostler::agent_api
