// SPDX-License-Identifier: Apache-2.0
#include "cli/build_finder.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/joined.hpp"
#include "base/nearest_word.hpp"
#include "git/library.hpp"
#include "git/remote_url.hpp"
#include "git/repository_key.hpp"

namespace ostler::cli {
namespace {

constexpr const char* kNameOne = "name one: PIPELINE/NUMBER";

Error wrong_reference(std::string message) { return Error(Errc::UserFault, std::move(message)); }

Result<FoundBuild> read_found(std::string text, std::string job) {
  OSTLER_TRY(auto build, wire::decode_rest_build(text));
  return FoundBuild{std::move(text), std::move(build), std::move(job)};
}

std::string joined_slugs(const std::vector<wire::RestPipelineAnswer>& pipelines) {
  constexpr std::size_t kMost = 10;
  const auto slugs = pipelines | std::views::transform(&wire::RestPipelineAnswer::slug);
  const std::string text = joined(slugs | std::views::take(kMost), ", ");
  return pipelines.size() > kMost ? text + ", ..." : text;
}

/// The addresses by which a pipeline may know the repository of a checkout.
std::vector<std::string> addresses_of(const git::LocalCheckout& checkout) {
  std::vector<std::string> addresses = checkout.remotes;
  addresses.push_back(checkout.work_tree.string());
  return addresses;
}

}  // namespace

bool is_missing(const Error& error) {
  constexpr int kNotFound = 404;
  return error.native() == kNotFound;
}

Result<FoundBuild> BuildFinder::find(const std::string& text) {
  OSTLER_TRY(BuildReference reference, parse_build_reference(text));
  OSTLER_TRY(require_own(reference));
  if (!reference.id.empty()) return find_by_id(reference.id);
  if (reference.pipeline.empty()) {
    OSTLER_TRY(reference.pipeline, pipeline_here());
  }
  if (!reference.number) return find_newest(reference.pipeline);
  OSTLER_TRY(auto found, find_by_number(reference.pipeline, *reference.number));
  found.job = reference.job;
  return found;
}

/// A URL may hold the address that the hub gives itself instead of the one that is spoken to.
Result<void> BuildFinder::require_own(const BuildReference& reference) {
  if (!reference.hub.empty() && reference.hub != hub_.url()) {
    OSTLER_TRY(const std::string own, hub_.public_url());
    if (reference.hub != own) {
      return wrong_reference("that is a build of " + reference.hub + ", but commands speak to " +
                             hub_.url() + "; pass --url " + reference.hub +
                             " with its token in OSTLER_API_TOKEN, or run \"ostler login " +
                             reference.hub + "\"");
    }
  }
  if (!reference.organization.empty() && reference.organization != hub_.organization()) {
    return wrong_reference("that is a build of the organization " + reference.organization +
                           ", but commands speak for " + hub_.organization() + "; pass --org " +
                           reference.organization);
  }
  return success();
}

Result<FoundBuild> BuildFinder::find_by_id(const std::string& id) {
  auto text = hub_.build_text(id);
  if (text) return read_found(std::move(text).value(), "");
  if (!is_missing(text.error())) return std::move(text).error();
  const auto job = hub_.job(id);
  if (job) {
    OSTLER_TRY(auto found, find_by_number(job.value().pipeline, job.value().build_number));
    found.job = job.value().id;
    return found;
  }
  if (!is_missing(job.error())) return job.error();
  return wrong_reference("no build and no job of " + hub_.url() + " has the id " + id +
                         "; \"ostler build list\" shows the builds");
}

Result<FoundBuild> BuildFinder::find_by_number(const std::string& pipeline, std::int64_t number) {
  auto text = hub_.build_text(pipeline, number);
  if (text) return read_found(std::move(text).value(), "");
  if (!is_missing(text.error())) return std::move(text).error();
  return no_build(pipeline, number);
}

Result<FoundBuild> BuildFinder::find_newest(const std::string& pipeline) {
  OSTLER_TRY(const std::string branch, branch_of(pipeline));
  BuildQuery query{.pipeline = pipeline, .branches = {}, .states = {}, .limit = 1};
  if (!branch.empty()) query.branches.push_back(branch);
  const auto text = hub_.builds_text(query);
  if (!text && is_missing(text.error())) return no_pipeline(pipeline);
  if (!text) return text.error();
  OSTLER_TRY(const auto builds, wire::decode_rest_builds(text.value()));
  if (!builds.empty()) return find_by_number(pipeline, builds[0].number);
  const std::string where = branch.empty() ? "" : " of branch " + branch;
  return wrong_reference("pipeline " + pipeline + " has no build" + where +
                         " yet; \"ostler build list --pipeline " + pipeline +
                         "\" shows what it has");
}

Error BuildFinder::no_build(const std::string& pipeline, std::int64_t number) {
  const auto known = hub_.pipeline(pipeline);
  if (!known && is_missing(known.error())) return no_pipeline(pipeline);
  return wrong_reference("pipeline " + pipeline + " has no build " + std::to_string(number) +
                         "; \"ostler build list --pipeline " + pipeline + "\" shows what it has");
}

Error BuildFinder::no_pipeline(const std::string& slug) {
  std::string message = hub_.url() + " has no pipeline " + slug;
  const auto known = hub_.pipelines("");
  if (!known) return wrong_reference(message);
  if (known.value().empty()) {
    return wrong_reference(message + ", and no other; \"ostler pipeline create\" makes one");
  }
  std::vector<std::string_view> slugs;
  for (const auto& pipeline : known.value()) slugs.push_back(pipeline.slug);
  const std::string_view near = nearest_word(slug, slugs);
  if (!near.empty()) return wrong_reference(message + ", did you mean " + std::string(near) + "?");
  return wrong_reference(message + "; it has " + joined_slugs(known.value()));
}

Result<std::string> BuildFinder::pipeline_here() {
  OSTLER_TRY(const git::LocalCheckout* const here, checkout());
  if (here == nullptr) {
    return wrong_reference("which pipeline's build? " +
                           std::filesystem::absolute(directory_).lexically_normal().string() +
                           " is in no git repository; " + kNameOne);
  }
  for (const std::string& address : addresses_of(*here)) {
    OSTLER_TRY(const auto matches, pipelines_of(address));
    if (matches.size() == 1) return matches[0].slug;
    if (matches.size() > 1) {
      return wrong_reference("several pipelines build the repository " +
                             git::without_credentials(address) + ": " + joined_slugs(matches) +
                             "; " + kNameOne);
    }
  }
  return wrong_reference("no pipeline of " + hub_.url() + " builds the repository around " +
                         here->work_tree.string() + " (" +
                         git::without_credentials(addresses_of(*here).front()) + "); " + kNameOne);
}

Result<std::vector<wire::RestPipelineAnswer>> BuildFinder::pipelines_of(
    const std::string& address) {
  const std::string key = git::repository_key(address);
  if (key.empty()) return std::vector<wire::RestPipelineAnswer>();
  OSTLER_TRY(auto pipelines, hub_.pipelines(git::repository_name(address)));
  std::erase_if(pipelines, [&](const wire::RestPipelineAnswer& pipeline) {
    return git::repository_key(pipeline.repository) != key;
  });
  return pipelines;
}

Result<std::string> BuildFinder::branch_of(const std::string& slug) {
  OSTLER_TRY(const git::LocalCheckout* const here, checkout());
  if (here == nullptr || here->branch.empty()) return std::string();
  const auto pipeline = hub_.pipeline(slug);
  if (!pipeline && is_missing(pipeline.error())) return no_pipeline(slug);
  if (!pipeline) return pipeline.error();
  const std::string key = git::repository_key(pipeline.value().repository);
  const auto addresses = addresses_of(*here);
  const bool is_here = std::ranges::any_of(addresses, [&](const std::string& address) {
    return !key.empty() && git::repository_key(address) == key;
  });
  return is_here ? here->branch : std::string();
}

/// Null when the directory is in no repository.
Result<const git::LocalCheckout*> BuildFinder::checkout() {
  if (!std::exchange(has_looked_, true)) {
    const git::Library library;
    OSTLER_TRY(checkout_, git::find_local_checkout(directory_));
  }
  return checkout_ ? &*checkout_ : nullptr;
}

}  // namespace ostler::cli
