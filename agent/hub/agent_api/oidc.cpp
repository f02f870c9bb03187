// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "wire/agent_api_secrets.hpp"
#include "wire/rest_build.hpp"

namespace ostler::agent_api {
namespace {

constexpr std::int64_t kUsualLife = 300;           // seconds
constexpr std::int64_t kLongestTokenLife = 7'200;  // seconds
constexpr std::size_t kMostClaims = 50;
constexpr std::size_t kLongestAudience = 1024;
constexpr std::string_view kAgentTag = "agent_tag:";

/// Everything that a token may say of a job. It comes from what the hub keeps and never from the
/// job's environment, which a pipeline writes.
struct Facts {
  std::map<std::string, std::string> always;
  std::map<std::string, std::string> when_asked;
  std::int64_t build_number = 0;
  std::string ref;  ///< "refs/heads/main"

  const std::string* find(const std::string& claim) const {
    for (const auto* facts : {&always, &when_asked}) {
      if (const auto found = facts->find(claim); found != facts->end()) return &found->second;
    }
    return nullptr;
  }
};

std::string ref_of(const model::BuildRequest& request) {
  return request.tag.empty() ? "refs/heads/" + request.branch : "refs/tags/" + request.tag;
}

void add_tags(Facts& facts, const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) {
    const std::size_t equals = tag.find('=');
    if (equals == tag.npos) continue;
    facts.when_asked[std::string(kAgentTag) + tag.substr(0, equals)] = tag.substr(equals + 1);
  }
}

void add_queue(Facts& facts, const std::vector<model::Queue>& queues, QueueId id) {
  const auto queue = std::ranges::find(queues, id, &model::Queue::id);
  if (queue == queues.end()) return;
  facts.when_asked["queue_id"] = queue->id.str();
  facts.when_asked["queue_key"] = queue->key;
  facts.when_asked["cluster_id"] = queue->cluster.str();
  facts.when_asked["cluster_name"] = queue->cluster_name;
}

boost::asio::awaitable<Result<Facts>> gather(const Backend& backend, const model::Job& job) {
  OSTLER_CO_TRY(const auto build, co_await backend.store.build(job.step.build));
  OSTLER_CO_TRY(const auto pipeline, co_await backend.store.pipeline(build.pipeline));
  OSTLER_CO_TRY(const auto organization,
                co_await backend.store.organization(pipeline.organization));
  OSTLER_CO_TRY(const auto queues, co_await backend.store.queues(organization.id));
  OSTLER_CO_TRY(const auto agent, co_await backend.store.agent(job.agent.value_or(AgentId{})));
  Facts facts;
  facts.build_number = build.number;
  facts.always = {{"organization_slug", organization.slug},
                  {"pipeline_slug", pipeline.settings.slug},
                  {"build_branch", build.request.branch},
                  {"build_commit", build.request.commit},
                  {"build_source", std::string(wire::rest_build_source(build.source))},
                  {"step_key", job.step.key},
                  {"job_id", job.id.str()},
                  {"agent_id", agent.id.str()},
                  {"runner_environment", "self-hosted"}};
  if (!build.request.tag.empty()) facts.always["build_tag"] = build.request.tag;
  facts.when_asked = {{"organization_id", organization.id.str()},
                      {"pipeline_id", pipeline.id.str()},
                      {"build_id", build.id.str()}};
  add_queue(facts, queues, job.queue);
  add_tags(facts, agent.description.tags);
  facts.ref = ref_of(build.request);
  co_return facts;
}

Result<std::string> value_of(const Facts& facts, const std::string& claim) {
  if (const std::string* value = facts.find(claim)) return *value;
  return Error(Errc::UserFault, "this job has no claim " + claim);
}

/// What the hub itself has named, so that nobody who writes a pipeline, a branch or a tag of an
/// agent can make it pass for another subject.
Result<std::string> chosen_subject(const Facts& facts, const std::string& claim) {
  static constexpr std::array<std::string_view, 9> kFixed = {
      "organization_id", "organization_slug", "pipeline_id", "pipeline_slug", "cluster_id",
      "queue_id",        "build_id",          "job_id",      "agent_id"};
  if (std::ranges::find(kFixed, claim) != kFixed.end()) return value_of(facts, claim);
  return Error(Errc::UserFault, "subject_claim: " + claim +
                                    " cannot be a subject; organization_id, organization_slug, "
                                    "pipeline_id, pipeline_slug, cluster_id, queue_id, build_id, "
                                    "job_id and agent_id can");
}

/// Its parts stand between colons, so none but the last may have one: it could pass for several.
Result<std::string> usual_subject(const Facts& facts) {
  if ((facts.ref + facts.always.at("build_commit")).find(':') != std::string::npos) {
    return Error(
        Errc::UserFault,
        "the build's branch, tag or commit has a colon in it, which the subject of a token "
        "cannot hold; name a subject_claim");
  }
  return "organization:" + facts.always.at("organization_slug") +
         ":pipeline:" + facts.always.at("pipeline_slug") + ":ref:" + facts.ref +
         ":commit:" + facts.always.at("build_commit") + ":step:" + facts.always.at("step_key");
}

Result<wire::OidcClaims> claims_of(const Facts& facts, const wire::OidcTokenRequest& request) {
  wire::OidcClaims claims;
  if (request.subject_claim.empty()) {
    OSTLER_TRY(claims.subject, usual_subject(facts));
  } else {
    OSTLER_TRY(claims.subject, chosen_subject(facts, request.subject_claim));
  }
  claims.texts.assign(facts.always.begin(), facts.always.end());
  claims.numbers = {{"build_number", facts.build_number}};
  for (const std::string& name : request.claims) {
    OSTLER_TRY(auto value, value_of(facts, name));
    claims.texts.emplace_back(name, std::move(value));
  }
  for (const std::string& name : request.aws_session_tags) {
    OSTLER_TRY(auto value, value_of(facts, name));
    claims.aws_session_tags.emplace_back(name, std::move(value));
  }
  return claims;
}

Result<void> check(const wire::OidcTokenRequest& request) {
  if (request.lifetime > kLongestTokenLife) {
    return Error(Errc::UserFault, "lifetime: a token lives " + std::to_string(kLongestTokenLife) +
                                      " seconds at most");
  }
  if (request.claims.size() > kMostClaims || request.aws_session_tags.size() > kMostClaims) {
    return Error(Errc::UserFault, "a token has " + std::to_string(kMostClaims) + " claims at most");
  }
  if (request.audience.size() > kLongestAudience) {
    return Error(Errc::UserFault, "the audience is longer than 1 KiB");
  }
  return success();
}

}  // namespace

Answer request_oidc_token(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const auto request, wire::decode_oidc_token_request(call.body));
  OSTLER_CO_TRY(check(request));
  OSTLER_CO_TRY(const auto job, co_await running_job_of(backend, call));
  OSTLER_CO_TRY(const auto facts, co_await gather(backend, job));
  OSTLER_CO_TRY(auto claims, claims_of(facts, request));
  claims.issuer = backend.issuer.url();
  claims.audience = request.audience.empty()
                        ? claims.issuer + "/" + facts.always.at("organization_slug")
                        : request.audience;
  claims.issued_at = backend.clock.now().micros / 1'000'000;
  claims.expires_at = claims.issued_at + (request.lifetime > 0 ? request.lifetime : kUsualLife);
  Secret token;
  OSTLER_CO_TRY(co_await backend.blocking.run([&]() -> Result<void> {
    OSTLER_TRY(token, backend.issuer.sign(claims));
    return success();
  }));
  co_return ok(wire::encode_token(token));
}

}  // namespace ostler::agent_api
